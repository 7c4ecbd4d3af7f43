// Owns what one link wants to send in this step, as records and questions.
// Does not own datagrams: pack.ts makes as few of it as it can.
import type { Question, Rr } from '../wire/types.ts'
import type { Endpoint } from './types.ts'

/** Answers, and what may ride along with them if there is room. */
export interface Reply {
  readonly answers: readonly Rr[]
  readonly additionals: readonly Rr[]
}

export interface AskedQuestion {
  readonly question: Question
  /** RFC 6762 §7.1. */
  readonly known: readonly Rr[]
}

/** A claim to the names in the questions, RFC 6762 §8.1. */
export interface Probe {
  readonly questions: readonly Question[]
  readonly proposed: readonly Rr[]
}

export interface UnicastSend {
  readonly to: Endpoint
  readonly reply: Reply
}

/** A reply to a plain DNS resolver, RFC 6762 §6.7. */
export interface LegacySend extends UnicastSend {
  readonly id: number
  readonly questions: readonly Question[]
  /** Bytes that the resolver can take. */
  readonly limit: number
}

export interface Outbox {
  readonly probes: Probe[]
  readonly questions: AskedQuestion[]
  readonly multicast: Reply[]
  readonly unicast: UnicastSend[]
  readonly legacy: LegacySend[]
}

export function newOutbox(): Outbox {
  return { probes: [], questions: [], multicast: [], unicast: [], legacy: [] }
}

export function isEmpty({ probes, questions, multicast, unicast, legacy }: Outbox): boolean {
  return probes.length + questions.length + multicast.length + unicast.length + legacy.length === 0
}
