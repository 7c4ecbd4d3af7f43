// Owns the packing of records and questions into few datagrams, none larger than the link carries whole.
// Does not own the encoding (wire/encoder.ts) nor what is to be sent (outbox.ts).
import { Encoder } from '../wire/encoder.ts'
import { ROOT } from '../wire/name.ts'
import type { Rr } from '../wire/types.ts'
import { groupBy } from './group-by.ts'
import type { AskedQuestion, LegacySend, Outbox, Probe, Reply } from './outbox.ts'
import { rrKey, setKey } from './rr.ts'
import type { Endpoint } from './types.ts'

export interface PackLimits {
  /** Bytes of a datagram, and of one that carries a single large record. */
  readonly datagram: number
  readonly single: number
  /** Bytes that we can take in answers to a port other than 5353, told in an OPT record, RFC 6891 §6.2.3. */
  readonly offered?: number
}

export interface Packed {
  readonly sends: readonly { readonly to: 'group' | Endpoint; readonly bytes: Uint8Array }[]
  /** Every record that was multicast in a response. */
  readonly multicast: readonly Rr[]
}

/** All datagrams of one step, in the order probes, questions, responses. */
export function pack(outbox: Outbox, limits: PackLimits): Packed {
  const sends: { to: 'group' | Endpoint; bytes: Uint8Array }[] = []
  const sendAll = (to: 'group' | Endpoint, datagrams: readonly Uint8Array[]): void => {
    for (const bytes of datagrams) sends.push({ to, bytes })
  }
  sendAll('group', packProbes(outbox.probes, limits))
  sendAll('group', packQuestions(outbox.questions, limits))
  const burst = new Burst(limits)
  sendAll('group', burst.pack(outbox.multicast))
  for (const { to, reply } of outbox.unicast) sendAll(to, new Burst(limits).pack([reply]))
  for (const legacy of outbox.legacy) sends.push({ to: legacy.to, bytes: packLegacy(legacy) })
  return { sends, multicast: burst.taken }
}

interface Filling<T, A> {
  /** What the items come to in one datagram; undefined if they do not fit. Fewer of them always do if more do. */
  attempt(items: readonly T[]): A | undefined
  commit(attempt: A): Uint8Array
  /** An item that does not fit by itself. */
  alone(item: T): readonly Uint8Array[]
}

/** Fills one datagram after the other with as many of the items as fit, in their order. */
function fill<T, A>(items: readonly T[], { attempt, commit, alone }: Filling<T, A>): readonly Uint8Array[] {
  const datagrams: Uint8Array[] = []
  let guess = items.length
  for (let start = 0; start < items.length; ) {
    const rest = items.slice(start)
    let filled: A | undefined
    const count = mostFrom(guess, rest.length, (each) => {
      const tried = attempt(rest.slice(0, each))
      // Each that fits is more than those before it, so that the last of them is the one to send.
      filled = tried ?? filled
      return tried !== undefined
    })
    const [first] = rest
    if (filled !== undefined) datagrams.push(commit(filled))
    else if (first !== undefined) datagrams.push(...alone(first))
    start += Math.max(count, 1)
    guess = Math.max(count, 1)
  }
  return datagrams
}

/** The largest number up to `end` that passes, 0 if none does, looked for from a guess on. */
function mostFrom(guess: number, end: number, passes: (count: number) => boolean): number {
  let passed = 0
  let next = Math.min(guess, end)
  for (let step = 1; passes(next); step *= 2) {
    if (next === end) return end
    passed = next
    next = Math.min(next + step, end)
  }
  return lastBetween(passed, next, passes)
}

/** The last number from `first` up to `end` that passes, where none after one that fails does, and `first` does. */
function lastBetween(first: number, end: number, passes: (count: number) => boolean): number {
  let last = first
  let failed = end
  while (failed - last > 1) {
    const middle = (last + failed) >> 1
    if (passes(middle)) last = middle
    else failed = middle
  }
  return last
}

/** Probes share datagrams, but a question stays with the records proposed for it, RFC 6762 §8.2. */
function packProbes(probes: readonly Probe[], { datagram, single }: PackLimits): readonly Uint8Array[] {
  const encode = (items: readonly Probe[], limit: number): Uint8Array | undefined => {
    const encoder = new Encoder({ response: false, limit })
    const fits =
      items.every(({ questions }) => questions.every((question) => encoder.question(question))) &&
      items.every(({ proposed }) => proposed.every((rr) => encoder.record('authorities', { ...rr, flush: false })))
    return fits ? encoder.finish() : undefined
  }
  return fill(probes, {
    attempt: (items) => encode(items, datagram),
    commit: (bytes) => bytes,
    alone: (item) => [encode([item], single) ?? []].flat(),
  })
}

/** Questions share datagrams while their known answers fit as well, RFC 6762 §5.3. */
function packQuestions(asked: readonly AskedQuestion[], limits: PackLimits): readonly Uint8Array[] {
  const attempt = (items: readonly AskedQuestion[]): Uint8Array | undefined => {
    const encoder = new Encoder({ response: false, limit: limits.datagram })
    const fits =
      items.every(({ question }) => encoder.question(question)) &&
      items.every(({ known }) => known.every((rr) => encoder.record('answers', rr))) &&
      (limits.offered === undefined || encoder.record('additionals', offer(limits.offered)))
    return fits ? encoder.finish() : undefined
  }
  return fill(asked, { attempt, commit: (bytes) => bytes, alone: (item) => packKnownAnswers(item, limits) })
}

function offer(bytes: number): Rr {
  return { name: ROOT, type: 'TYPE41', class: bytes, flush: false, ttl: 0, data: new Uint8Array() }
}

/** One question whose known answers need several datagrams, all but the last truncated, RFC 6762 §7.2. */
function packKnownAnswers({ question, known }: AskedQuestion, { datagram }: PackLimits): readonly Uint8Array[] {
  const datagrams: Uint8Array[] = []
  let encoder = new Encoder({ response: false, limit: datagram })
  encoder.question(question)
  for (const rr of known) {
    if (encoder.record('answers', rr)) continue
    datagrams.push(encoder.finish(true))
    encoder = new Encoder({ response: false, limit: datagram })
    // One that fits no datagram of its own is left out; then it is merely answered again.
    encoder.record('answers', rr)
  }
  datagrams.push(encoder.finish())
  return datagrams
}

interface Attempt {
  /** Empty when all of it was sent before. */
  readonly bytes: Uint8Array
  readonly taken: ReadonlyMap<string, Rr>
}

/** Responses that leave together: no record goes out twice in them. */
class Burst {
  readonly #limits: PackLimits
  readonly #taken = new Map<string, Rr>()

  constructor(limits: PackLimits) {
    this.#limits = limits
  }

  get taken(): readonly Rr[] {
    return [...this.#taken.values()]
  }

  pack(replies: readonly Reply[]): readonly Uint8Array[] {
    const datagrams = this.#fill(replies, (item) => this.#alone(item))
    return datagrams.filter((bytes) => bytes.length > 0)
  }

  #fill(replies: readonly Reply[], alone: (reply: Reply) => readonly Uint8Array[]): readonly Uint8Array[] {
    return fill(replies, {
      attempt: (items) => this.#encode(items),
      commit: (attempt) => this.#commit(attempt),
      alone,
    })
  }

  #commit({ bytes, taken }: Attempt): Uint8Array {
    for (const [key, rr] of taken) this.#taken.set(key, rr)
    return bytes
  }

  #encode(replies: readonly Reply[]): Attempt | undefined {
    const encoder = new Encoder({ response: true, authoritative: true, limit: this.#limits.datagram })
    const taken = new Map<string, Rr>()
    const take = (section: 'answers' | 'additionals', rr: Rr): boolean => {
      const key = rrKey(rr)
      if (this.#taken.has(key) || taken.has(key)) return true
      taken.set(key, rr)
      return encoder.record(section, rr)
    }
    for (const { answers } of replies) if (!answers.every((rr) => take('answers', rr))) return undefined
    for (const { additionals } of replies) if (!additionals.every((rr) => take('additionals', rr))) return undefined
    return { bytes: encoder.empty ? new Uint8Array() : encoder.finish(), taken }
  }

  /** As many additionals as fit, in whole sets, RFC 6762 §17; if not even the answers do, several datagrams. */
  #alone({ answers, additionals }: Reply): readonly Uint8Array[] {
    const sets = [...groupBy(additionals, (rr) => setKey(rr.name, rr.type)).values()]
    const withFirst = (count: number): Reply => ({ answers, additionals: sets.slice(0, count).flat() })
    const count = lastBetween(-1, sets.length, (each) => this.#encode([withFirst(each)]) !== undefined)
    const attempt = count < 0 ? undefined : this.#encode([withFirst(count)])
    if (attempt) return [this.#commit(attempt)]
    const [only, ...others] = answers
    if (only === undefined) return []
    if (others.length === 0) return this.#single(only)
    return this.#fill(
      answers.map((rr) => ({ answers: [rr], additionals: [] })),
      (item) => item.answers.flatMap((rr) => this.#single(rr)),
    )
  }

  /** A record that fits no ordinary datagram travels by itself, RFC 6762 §17. */
  #single(rr: Rr): readonly Uint8Array[] {
    const encoder = new Encoder({ response: true, authoritative: true, limit: this.#limits.single })
    if (!encoder.record('answers', rr)) return []
    this.#taken.set(rrKey(rr), rr)
    return [encoder.finish()]
  }
}

/** RFC 6762 §6.7: id and question as they came, no cache-flush bits, short TTLs, and no more than fits. */
function packLegacy({ id, questions, reply, limit }: LegacySend): Uint8Array {
  const plain = (rr: Rr): Rr => ({ ...rr, flush: false, ttl: Math.min(rr.ttl, LEGACY_TTL) })
  const encoder = new Encoder({ id, response: true, authoritative: true, limit, legacy: true })
  const whole =
    questions.every((question) => encoder.question(question)) &&
    reply.answers.every((rr) => encoder.record('answers', plain(rr)))
  if (whole) reply.additionals.every((rr) => encoder.record('additionals', plain(rr)))
  return encoder.finish(!whole)
}

const LEGACY_TTL = 10
