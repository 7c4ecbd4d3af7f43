// Owns a peer that speaks go-micro's protocol, as a function of its inputs: what it hears, says and asks.
// Does not own sockets, timers or promises (micro-host.ts), nor Multicast DNS proper (mdns/engine.ts).
import { admit } from '../mdns/admission.ts'
import { Subnets } from '../mdns/subnets.ts'
import type { Instant, Link, Random, Received } from '../mdns/types.ts'
import { labelsOf } from '../wire/name.ts'
import type { Message } from '../wire/types.ts'
import { MICRO_LIMITS } from './limits.ts'
import { MicroDirectory } from './micro-directory.ts'
import { MICRO_DOMAIN, type MicroNaming, namingOf } from './micro-name.ts'
import { MicroPublisher } from './micro-publisher.ts'
import { MicroQuestions } from './micro-questions.ts'
import { readResponse } from './micro-reading.ts'
import { MicroResponder } from './micro-responder.ts'
import { type MicroStep, newMicroStep } from './micro-step.ts'
import type { MicroInput, MicroNode, MicroOutput } from './types.ts'

export interface MicroEngineOptions {
  readonly random: Random
  /** A single label. */
  readonly hostName: string
  /** Default `micro`; `local` is what go-micro used up to version 1.9. */
  readonly domain?: string | undefined
}

const NOTHING = { sends: [], questions: [], events: [] }

/** A link, and what is on it. */
interface Attached {
  readonly link: Link
  readonly subnets: Subnets
}

export class MicroEngine {
  readonly #naming: MicroNaming
  /** As it stands in every message of the domain at least once. */
  readonly #mark: Buffer
  readonly #directory: MicroDirectory
  readonly #questions: MicroQuestions
  readonly #publisher: MicroPublisher
  readonly #responder: MicroResponder
  /** Links on which port 5353 is heard, and others on which one can merely ask. */
  #group: readonly Link[] = []
  #asking: readonly Link[] = []
  #attached: ReadonlyMap<string, Attached> = new Map()
  #closing = false

  constructor({ random, hostName, domain = MICRO_DOMAIN }: MicroEngineOptions) {
    const naming = namingOf(domain, hostName)
    this.#naming = naming
    this.#mark = Buffer.concat(labelsOf(naming.root).flatMap((label) => [Buffer.from([label.length]), label]))
    this.#directory = new MicroDirectory({ domain, random })
    this.#questions = new MicroQuestions({ naming, random })
    this.#publisher = new MicroPublisher(naming)
    this.#responder = new MicroResponder(naming)
  }

  /** Those that are up, whether they can be published on or only asked on. */
  get links(): readonly Link[] {
    return [...this.#attached.values()].map(({ link }) => link)
  }

  /** What is known of one service, or of all. */
  nodes(service: string | undefined): readonly MicroNode[] {
    return this.#directory.nodes(service)
  }

  step(input: MicroInput, now: Instant): MicroOutput {
    if (input.kind === 'received' && !this.#isRelevant(input.datagram)) return { ...NOTHING, wakeAt: this.#wakeAt }
    const step = newMicroStep(now)
    this.#take(input, step)
    for (const service of this.#publisher.due(step)) this.#questions.askNow(service, step)
    for (const service of this.#directory.due(step)) this.#questions.askNow(service, step)
    this.#questions.due(step, (service) => this.#directory.has(service))
    if (this.#closing && this.#publisher.size === 0) {
      this.#closing = false
      step.events.push({ kind: 'closed' })
    }
    const { sends, questions, events } = step
    return { sends, questions, events, wakeAt: this.#wakeAt }
  }

  get #wakeAt(): Instant {
    return Math.min(this.#publisher.wakeAt, this.#directory.wakeAt, this.#questions.wakeAt)
  }

  #take(input: MicroInput, step: MicroStep): void {
    switch (input.kind) {
      case 'received':
        this.#receive(input.datagram, step)
        break
      case 'links':
        this.#setGroup(input.links, step)
        break
      case 'asking':
        this.#setAsking(input.links, step)
        break
      case 'woken':
        this.#wake(step.now)
        break
      case 'rejoined':
        this.#questions.askAllAgain(step.now)
        break
      case 'publish':
        this.#publisher.publish(input.publication, step)
        break
      case 'withdraw':
        this.#publisher.withdraw(input.key, step)
        break
      case 'ask':
        this.#questions.ask(input.service, step.now)
        break
      case 'forget':
        this.#questions.forget(input.service, step.now)
        this.#directory.forget((service) => this.#questions.wants(service))
        break
      case 'verify':
        for (const service of this.#directory.doubt(input.id, step.now)) this.#questions.askAgain(service, step.now)
        break
      case 'close':
        this.#publisher.withdrawAll(step)
        this.#closing = true
        break
      case 'tick':
    }
  }

  #setGroup(links: readonly Link[], step: MicroStep): void {
    this.#group = links
    this.#publisher.setLinks(links, step.now)
    this.#attach(step)
  }

  #setAsking(links: readonly Link[], step: MicroStep): void {
    this.#asking = links
    this.#questions.setLinks(links, step.now)
    this.#attach(step)
  }

  #attach(step: MicroStep): void {
    const links = new Map([...this.#asking, ...this.#group].map((link) => [link.id, link]))
    this.#attached = new Map(
      [...links].map(([id, link]) => [id, { link, subnets: new Subnets(link.addresses) }] as const),
    )
    this.#directory.setLinks(this.links, step)
  }

  /** Everything may be another one now. */
  #wake(now: Instant): void {
    this.#directory.woken(now)
    this.#questions.askAllAgain(now)
    this.#publisher.announceAllAgain(now)
  }

  #receive(datagram: Received, step: MicroStep): void {
    const attached = this.#attached.get(datagram.link)
    if (attached === undefined) return
    const { link, subnets } = attached
    // Whatever comes to the port of our own was asked for.
    const admission = admit(datagram, { subnets, unicastAskedAt: step.now, limits: MICRO_LIMITS }, step.now)
    if ('dropped' in admission) return
    const { message } = admission
    if (message.response) this.#hear(message, datagram, link, step)
    else if (datagram.viaGroup)
      this.#responder.answer({ message, from: datagram.from, link }, this.#publisher.live, step)
  }

  /** Most of what is said on port 5353 is about other domains. */
  #isRelevant({ bytes }: Received): boolean {
    if (this.#questions.isIdle && this.#publisher.size === 0) return false
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(this.#mark)
  }

  #hear(message: Message, { from }: Received, link: Link, step: MicroStep): void {
    const { listed, sightings, goodbyes } = readResponse(message, this.#naming, from.address)
    for (const name of goodbyes) this.#directory.goodbye(name, step)
    for (const sighting of sightings) {
      this.#publisher.taken(sighting.name, step)
      this.#directory.heard(sighting, link, (service) => this.#questions.wants(service), step)
    }
    const heard = step.events.flatMap((event) => (event.kind === 'heard' ? event.node.service : []))
    this.#questions.listed([...listed, ...heard], step.now)
  }
}
