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

/** What a datagram is there for. An announcement has the pointer and its unique records among its answers. */
export function kindOf(packet, viaGroup) {
  const { type, questions, answers, authorities } = packet
  if (type === 'response') {
    if (!viaGroup) return 'unicast answer'
    if (answers.some(({ ttl }) => ttl === 0)) return 'goodbye'
    const has = (wanted) => answers.some((rr) => rr.type === wanted)
    return has('PTR') && has('SRV') ? 'announcement' : 'answer'
  }
  if (authorities.length > 0) return 'probe'
  const [first] = questions
  if (first === undefined) return 'browse question, known answers going on'
  if (first.type === 'PTR') return 'browse question'
  return first.type === 'A' || first.type === 'AAAA' ? 'question for addresses' : 'question for a service'
}

export class Census {
  packets = 0
  bytes = 0
  /** By kind: datagrams, bytes, and the records in all their sections. */
  kinds = Object.fromEntries(KINDS.map((kind) => [kind, { packets: 0, bytes: 0, records: 0 }]))
  /** By type, probes not included; `unicast` are those that want unicast answers. */
  questions = {}
  /** By how many bytes the largest datagram has. */
  largest = 0

  see({ bytes, viaGroup }) {
    const packet = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    const kind = kindOf(packet, viaGroup)
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
