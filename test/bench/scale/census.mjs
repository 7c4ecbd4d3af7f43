// Owns the count of what goes over the link: by kind of datagram, and of questions by type.
// Does not own how fast it goes (wire.mjs).
import { decode } from 'dns-packet'

/** The kinds of datagrams, in the order of a table. */
export const KINDS = [
  'probe',
  'announcement',
  'browse question',
  'browse question, known answers going on',
  'question for a service',
  'question for addresses',
  'answer',
  'unicast answer',
  'goodbye',
]

const isUnicastQuestion = ({ class: asked }) => asked === 'UNKNOWN_32769'

/** Milliseconds after its last probe in which a host announces. */
const ANNOUNCING = 1500

/** What a datagram is there for; `probed` is how long ago its sender last probed. */
export function kindOf(packet, viaGroup, probed) {
  const { type, questions, answers, authorities } = packet
  if (type === 'response') {
    if (!viaGroup) return 'unicast answer'
    if (answers.some(({ ttl }) => ttl === 0)) return 'goodbye'
    const has = (wanted) => answers.some((rr) => rr.type === wanted)
    return has('PTR') && has('SRV') && probed < ANNOUNCING ? 'announcement' : 'answer'
  }
  if (authorities.length > 0) return 'probe'
  if (questions.length === 0) return 'browse question, known answers going on'
  const asks = (...types) => questions.some(({ type }) => types.includes(type))
  if (asks('PTR')) return 'browse question'
  return asks('SRV', 'TXT') ? 'question for a service' : 'question for addresses'
}

export class Census {
  packets = 0
  bytes = 0
  /** By kind: datagrams, bytes, and the records in all their sections. */
  kinds = Object.fromEntries(KINDS.map((kind) => [kind, { packets: 0, bytes: 0, records: 0 }]))
  /** By type, probes not included; `unicast` are those that want unicast answers. */
  questions = {}
  /** Bytes of the largest datagram. */
  largest = 0
  /** By sender, when it last probed. */
  #probedAt

  /** `probedAt` is shared by those that count one after the other, so that each knows who probed before it. */
  constructor({ probedAt = new Map() } = {}) {
    this.#probedAt = probedAt
  }

  see({ at, sender, bytes, viaGroup }) {
    const packet = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    const kind = kindOf(packet, viaGroup, at - (this.#probedAt.get(sender) ?? Number.NEGATIVE_INFINITY))
    if (kind === 'probe') this.#probedAt.set(sender, at)
    const row = this.kinds[kind]
    this.packets += 1
    this.bytes += bytes.length
    this.largest = Math.max(this.largest, bytes.length)
    row.packets += 1
    row.bytes += bytes.length
    row.records += packet.answers.length + packet.authorities.length + packet.additionals.length
    if (packet.type === 'query' && kind !== 'probe') for (const question of packet.questions) this.#asked(question)
  }

  #asked(question) {
    const key = isUnicastQuestion(question) ? `${question.type} unicast` : question.type
    this.questions[key] = (this.questions[key] ?? 0) + 1
  }
}
