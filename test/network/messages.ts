// Owns short ways to write the messages of a peer, and to pick what a test looks at out of those of a host.
// Does not own single records and questions (test/mdns/records.ts).
import { encode } from '../../src/wire/encode.ts'
import { nameFromText, sameName } from '../../src/wire/name.ts'
import type { Message, Name, Question, QuestionType, Rr, RrType } from '../../src/wire/types.ts'
import { instance, question, TYPE } from '../mdns/records.ts'
import type { Packet } from './observer.ts'

export const HOST = nameFromText('dut-host.local')
export const INSTANCE = instance('Test Svc')
export const SUBTYPE = nameFromText('_printer._sub._http._tcp.local')
export const META = nameFromText('_services._dns-sd._udp.local')

/** Asked for by multicast. */
export function ask(name: Name, type: QuestionType, known: readonly Rr[] = []): Uint8Array {
  return query([question(name, type)], known)
}

/** Asked for by unicast. */
export function askUnicast(name: Name, type: QuestionType, known: readonly Rr[] = []): Uint8Array {
  return query([question(name, type, true)], known)
}

export function query(questions: readonly Question[], answers: readonly Rr[] = []): Uint8Array {
  return encode({ questions, answers })
}

export function response(answers: readonly Rr[], additionals: readonly Rr[] = []): Uint8Array {
  return encode({ response: true, answers, additionals })
}

export function probe(name: Name, authorities: readonly Rr[]): Uint8Array {
  return encode({ questions: [question(name, 'ANY')], authorities })
}

/** The same bytes with other flags: the second word of the header. */
export function withFlags(bytes: Uint8Array, flags: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  new DataView(changed.buffer).setUint16(2, flags)
  return changed
}

export function withId(bytes: Uint8Array, id: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  new DataView(changed.buffer).setUint16(0, id)
  return changed
}

export function recordsOf({ answers, authorities, additionals }: Message): readonly Rr[] {
  return [...answers, ...authorities, ...additionals]
}

/** The answers of this name and type. */
export function answersIn(message: Message, name: Name, type?: RrType): readonly Rr[] {
  return message.answers.filter((rr) => sameName(rr.name, name) && (type === undefined || rr.type === type))
}

/** A packet whose answers have a record of this name and type. */
export function answers(name: Name, type?: RrType): (packet: Packet) => boolean {
  return ({ message }) => message.response && answersIn(message, name, type).length > 0
}

/** Whether a packet probes for a name. */
export function probesFor(name: Name): (packet: Packet) => boolean {
  return ({ message }) => !message.response && message.authorities.some((rr) => sameName(rr.name, name))
}

/** The types of all records in a section, sorted. */
export function typesOf(records: readonly Rr[]): readonly RrType[] {
  return [...new Set(records.map(({ type }) => type))].sort()
}

export { instance, TYPE }
