// Owns queries whose known answers go on in further datagrams, until the last of them is here or overdue.
// Does not own the answering: it hands back one whole query for each host.
import type { Question, Rr } from '../wire/types.ts'
import { SECOND, truncatedWait } from './cadence.ts'
import type { Limits } from './limits.ts'
import { distinct } from './questions.ts'
import { rrKey } from './rr.ts'
import type { Endpoint, Instant, Random } from './types.ts'

/** A query with all of its known answers. */
export interface WholeQuery {
  readonly from: Endpoint
  readonly viaGroup: boolean
  /** Whether the source is in a subnet of the link, so that unicast may go there. */
  readonly onLink: boolean
  readonly questions: readonly Question[]
  /** TTLs by record key. */
  readonly known: ReadonlyMap<string, number>
}

interface Partial extends WholeQuery {
  readonly questions: Question[]
  readonly known: Map<string, number>
  parts: number
  due: Instant
  /** However many parts come, it is answered then. */
  readonly latest: Instant
}

/** Milliseconds. Parts follow one another at once; whoever sends more and more of them is not waited for. */
const LONGEST_WAIT = 4 * SECOND

/** The TTLs of known answers, by record key; of those that are ours, as no other can keep us from an answer. */
export function knownAnswers(answers: readonly Rr[], isOurs: (rr: Rr) => boolean): ReadonlyMap<string, number> {
  const known = new Map<string, number>()
  for (const rr of answers) if (isOurs(rr)) known.set(rrKey(rr), rr.ttl)
  return known
}

export class Truncated {
  readonly #random: Random
  readonly #limits: Limits
  readonly #partials = new Map<string, Partial>()
  #wakeAt: Instant = Number.POSITIVE_INFINITY

  constructor(random: Random, limits: Limits) {
    this.#random = random
    this.#limits = limits
  }

  get wakeAt(): Instant {
    return this.#wakeAt
  }

  get size(): number {
    return this.#partials.size
  }

  /**
   * Takes in a truncated query, or what continues one; the host's address tells which, RFC 6762 §7.2, §15.2.
   * False if it has to be answered as it is, for want of room.
   */
  add(query: WholeQuery, more: boolean, now: Instant): boolean {
    const source = query.from.address
    let partial = this.#partials.get(source)
    if (partial === undefined) {
      if (!more || this.#partials.size >= this.#limits.truncatedSources) return false
      partial = { ...query, questions: [], known: new Map(), parts: 0, due: now, latest: now + LONGEST_WAIT }
      this.#partials.set(source, partial)
    }
    if (partial.parts >= this.#limits.truncatedParts) return true
    partial.parts++
    partial.questions.push(...query.questions)
    for (const [key, ttl] of query.known) partial.known.set(key, ttl)
    if (more) partial.due = Math.min(now + truncatedWait(this.#random), partial.latest)
    this.#wakeAt = Math.min(this.#wakeAt, partial.due)
    return true
  }

  /** Whether a truncated query of this host is waiting for its rest. */
  has(from: Endpoint): boolean {
    return this.#partials.has(from.address)
  }

  due(now: Instant): readonly WholeQuery[] {
    if (this.#wakeAt > now) return []
    const whole: WholeQuery[] = []
    this.#wakeAt = Number.POSITIVE_INFINITY
    for (const [source, partial] of this.#partials) {
      if (partial.due > now) {
        this.#wakeAt = Math.min(this.#wakeAt, partial.due)
        continue
      }
      this.#partials.delete(source)
      whole.push({ ...partial, questions: distinct(partial.questions) })
    }
    return whole
  }
}
