// Owns the answers to those who ask: at once, to the asker alone, one message for each node.
// Does not own which nodes of ours there are (micro-publisher.ts).
import { MDNS_PORT } from '../mdns/admission.ts'
import { Allowance } from '../mdns/allowance.ts'
import type { Endpoint, Link } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import { CLASS_ANY, CLASS_IN, type Message, type Question, type QuestionType, type Rr } from '../wire/types.ts'
import { MICRO_LIMITS } from './limits.ts'
import { listRecords, nodeRecords, pointerRecord, replyMessage } from './micro-message.ts'
import type { MicroNaming } from './micro-name.ts'
import type { Published } from './micro-publisher.ts'
import type { MicroStep } from './micro-step.ts'

/** A query, and where it came from. */
export interface Asked {
  readonly message: Message
  readonly from: Endpoint
  readonly link: Link
}

type RecordsOn = (link: Link) => readonly Rr[]

/** Of a node's own name. A PTR record would be asked for again and again, if there were one. */
const NODE_TYPES: ReadonlySet<QuestionType> = new Set<QuestionType>(['SRV', 'TXT', 'ANY'])

export class MicroResponder {
  readonly #naming: MicroNaming
  readonly #allowance = new Allowance(MICRO_LIMITS)

  constructor(naming: MicroNaming) {
    this.#naming = naming
  }

  /** Who asks from port 5353 would answer our answer, and for ever: go-micro makes no difference between the two. */
  answer({ message, from, link }: Asked, published: readonly Published[], step: MicroStep): void {
    if (from.port === MDNS_PORT) return
    const answers = message.questions.map((question) => ({ question, told: this.#answers(question, published) }))
    if (answers.every(({ told }) => told.length === 0) || !this.#allowance.take(from.address, step.now)) return
    for (const { question, told } of answers) {
      for (const records of told) {
        step.sends.push({ link: link.id, to: from, bytes: replyMessage(message.id, question, records(link)) })
      }
    }
  }

  /** What each message of the answer has, to be made when it is sure to be sent. */
  #answers({ name, type, class: asked }: Question, all: readonly Published[]): readonly RecordsOn[] {
    if (asked !== CLASS_IN && asked !== CLASS_ANY) return []
    const folded = foldName(name)
    const isPointer = type === 'PTR' || type === 'ANY'
    if (isPointer && folded === foldName(this.#naming.list)) {
      return servicesOf(all).map((service) => () => listRecords(service, this.#naming))
    }
    const ofService = isPointer ? all.filter(({ serviceName }) => serviceName === folded) : []
    if (ofService.length > 0) {
      return ofService.map(({ publication }) => (link) => [
        pointerRecord(publication, this.#naming),
        ...nodeRecords(publication, link, this.#naming, publication.ttl),
      ])
    }
    const named = all.filter((one) => one.name === folded && NODE_TYPES.has(type))
    return named.map(
      ({ publication }) =>
        (link) =>
          nodeRecords(publication, link, this.#naming, publication.ttl),
    )
  }
}

function servicesOf(all: readonly Published[]): readonly string[] {
  return [...new Set(all.map(({ publication }) => publication.service))]
}
