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

/** Encodes the items together if they fit, else each half by itself. An encoder gives up as soon as it is full. */
function halve<T>(
  items: readonly T[],
  together: (items: readonly T[]) => Uint8Array | undefined,
  alone: (item: T) => readonly Uint8Array[],
): readonly Uint8Array[] {
  const [first] = items
  if (first === undefined) return []
  const datagram = together(items)
  if (datagram) return [datagram]
  if (items.length === 1) return alone(first)
  const middle = items.length >> 1
  return [...halve(items.slice(0, middle), together, alone), ...halve(items.slice(middle), together, alone)]
}

/** The last number from 0 up to `end` that passes, where none after one that fails does; -1 if none passes. */
function lastBelow(end: number, passes: (count: number) => boolean): number {
  let last = -1
  while (end - last > 1) {
    const middle = (last + end) >> 1
    if (passes(middle)) last = middle
    else end = middle
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
  return halve(
    probes,
    (items) => encode(items, datagram),
    (item) => [encode([item], single) ?? []].flat(),
  )
}

/** Questions share datagrams while their known answers fit as well, RFC 6762 §5.3. */
function packQuestions(asked: readonly AskedQuestion[], limits: PackLimits): readonly Uint8Array[] {
  const together = (items: readonly AskedQuestion[]): Uint8Array | undefined => {
    const encoder = new Encoder({ response: false, limit: limits.datagram })
    const fits =
      items.every(({ question }) => encoder.question(question)) &&
      items.every(({ known }) => known.every((rr) => encoder.record('answers', rr))) &&
      (limits.offered === undefined || encoder.record('additionals', offer(limits.offered)))
    return fits ? encoder.finish() : undefined
  }
  return halve(asked, together, (item) => packKnownAnswers(item, limits))
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
    const datagrams = halve(
      replies,
      (items) => this.#together(items),
      (item) => this.#alone(item),
    )
    return datagrams.filter((bytes) => bytes.length > 0)
  }

  /** An empty array when all of it was sent before. */
  #together(replies: readonly Reply[]): Uint8Array | undefined {
    const attempt = this.#encode(replies)
    for (const [key, rr] of attempt?.taken ?? []) this.#taken.set(key, rr)
    return attempt?.bytes
  }

  #encode(replies: readonly Reply[]): { bytes: Uint8Array; taken: ReadonlyMap<string, Rr> } | undefined {
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
    const count = lastBelow(sets.length, (each) => this.#encode([withFirst(each)]) !== undefined)
    const datagram = count < 0 ? undefined : this.#together([withFirst(count)])
    if (datagram) return [datagram]
    const [only, ...others] = answers
    if (only === undefined) return []
    if (others.length === 0) return this.#single(only)
    return halve(
      answers.map((rr) => ({ answers: [rr], additionals: [] })),
      (items) => this.#together(items),
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
