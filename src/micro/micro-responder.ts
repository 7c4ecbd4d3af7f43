// Owns the answers to those who ask: at once, to the asker alone, one message for each node.
// Does not own which nodes of ours there are (micro-publisher.ts).
import { Allowance } from '../mdns/allowance.ts'
import type { Endpoint, Instant, Link } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import { CLASS_ANY, CLASS_IN, type Message, type Question, type Rr } from '../wire/types.ts'
import { MICRO_LIMITS } from './limits.ts'
import { listRecords, nodeRecords, pointerRecord, replyMessage } from './micro-message.ts'
import type { MicroNaming } from './micro-name.ts'
import type { Published } from './micro-publisher.ts'
import type { MicroStep } from './micro-step.ts'

/** Whoever asks from it would answer our answer, and for ever: go-micro takes no difference between the two. */
const MDNS_PORT = 5353

/** A query, and where it came from. */
export interface Asked {
  readonly message: Message
  readonly from: Endpoint
  readonly link: Link
}

export class MicroResponder {
  readonly #naming: MicroNaming
  readonly #allowance = new Allowance(MICRO_LIMITS)

  constructor(naming: MicroNaming) {
    this.#naming = naming
  }

  answer({ message, from, link }: Asked, published: readonly Published[], step: MicroStep): void {
    if (from.port === MDNS_PORT || from.port === 0) return
    const replies = message.questions.flatMap((question) => this.#replies(question, published, link, message.id))
    if (replies.length === 0 || !this.#isAllowed(from.address, step.now)) return
    for (const bytes of replies) step.sends.push({ link: link.id, to: from, bytes })
  }

  #isAllowed(address: string, now: Instant): boolean {
    return this.#allowance.take(address, now)
  }

  #replies(question: Question, all: readonly Published[], link: Link, id: number): readonly Uint8Array[] {
    if (question.class !== CLASS_IN && question.class !== CLASS_ANY) return []
    const { type } = question
    const name = foldName(question.name)
    const reply = (answers: readonly Rr[]) => replyMessage(id, question, answers)
    if (type === 'PTR' || type === 'ANY') {
      if (name === foldName(this.#naming.list)) {
        return servicesOf(all).map((service) => reply(listRecords(service, this.#naming)))
      }
      const ofService = all.filter(({ serviceName }) => serviceName === name)
      if (ofService.length > 0) return ofService.map(({ publication }) => reply(this.#everything(publication, link)))
    }
    // The PTR record of a node would be asked for again and again, if there were one.
    if (type !== 'SRV' && type !== 'TXT' && type !== 'ANY') return []
    return all
      .filter((one) => one.name === name)
      .map(({ publication }) => reply(nodeRecords(publication, link, this.#naming, publication.ttl)))
  }

  #everything(publication: Published['publication'], link: Link): readonly Rr[] {
    const records = nodeRecords(publication, link, this.#naming, publication.ttl)
    return [pointerRecord(publication, this.#naming), ...records]
  }
}

function servicesOf(all: readonly Published[]): readonly string[] {
  return [...new Set(all.map(({ publication }) => publication.service))]
}
