// Owns which services somebody here wants to know of, and when each is asked for.
// Does not own what is known of them (micro-directory.ts), which is asked for again before it runs out.
import { Bucket } from '../mdns/bucket.ts'
import { SECOND } from '../mdns/cadence.ts'
import { NOWHERE, Schedule, type Waiting } from '../mdns/schedule.ts'
import type { Instant, Link, Random } from '../mdns/types.ts'
import { MICRO_LIMITS } from './limits.ts'
import { questionMessage } from './micro-message.ts'
import { type MicroNaming, serviceName } from './micro-name.ts'
import type { MicroStep } from './micro-step.ts'

/** The first three are close together, for one may be lost; then fewer and fewer, RFC 6762 §5.2. */
const GAPS = [250, 750, 2 * SECOND] as const
const LONGEST_GAP = 256 * SECOND
/** For so long a service that was on the list is asked for although nobody is known to offer it. */
const LISTED_FOR = 600 * SECOND
/** A question that was just asked need not be asked again. */
const ASKED_JUST_NOW = 100
const MAX_ID = 0x10000

/** A service, or the list of all. */
interface Topic extends Waiting {
  readonly service: string | undefined
  /** How many here want to know. */
  users: number
  /** Until then it is asked for on behalf of those who want to know of all. */
  listedUntil: Instant
  asked: number
  askedAt: Instant
}

export interface QuestionsOptions {
  readonly naming: MicroNaming
  readonly random: Random
}

export class MicroQuestions {
  readonly #options: QuestionsOptions
  readonly #topics = new Map<string | undefined, Topic>()
  readonly #schedule = new Schedule<Topic>()
  readonly #bucket = new Bucket(MICRO_LIMITS.questionsPerSecond, MICRO_LIMITS.questionBurst)
  #links: readonly Link[] = []

  constructor(options: QuestionsOptions) {
    this.#options = options
  }

  get wakeAt(): Instant {
    return this.#schedule.wakeAt
  }

  /** Whether nobody here wants to know of anything. */
  get isIdle(): boolean {
    return this.#topics.size === 0
  }

  wants(service: string): boolean {
    return this.#topics.has(undefined) || this.#topics.has(service)
  }

  /** A link that is new may have answers of its own. */
  setLinks(links: readonly Link[], now: Instant): void {
    const known = new Set(this.#links.map(({ id }) => id))
    this.#links = links
    if (links.some(({ id }) => !known.has(id))) this.askAllAgain(now)
  }

  askAllAgain(now: Instant): void {
    for (const topic of this.#topics.values()) this.#restart(topic, now)
  }

  /** As if it had not been asked for yet. */
  askAgain(service: string, now: Instant): void {
    const topic = this.#topics.get(service)
    if (topic) this.#restart(topic, now)
  }

  ask(service: string | undefined, now: Instant): void {
    const topic = this.#topics.get(service) ?? this.#add(service)
    topic.users += 1
    if (topic.users === 1) this.#restart(topic, now)
  }

  forget(service: string | undefined, now: Instant): void {
    const topic = this.#topics.get(service)
    if (topic === undefined || topic.users === 0) return
    topic.users -= 1
    if (topic.users > 0) return
    if (service === undefined) this.#forgetListed()
    else if (topic.listedUntil > now) return
    this.#delete(topic)
  }

  /** These are offered, says somebody: they are asked for if somebody wants to know of all. */
  listed(services: readonly string[], now: Instant): void {
    if (!this.#topics.has(undefined)) return
    for (const service of services) {
      const known = this.#topics.get(service)
      if (known === undefined && this.#topics.size >= MICRO_LIMITS.listed) continue
      const topic = known ?? this.#add(service)
      topic.listedUntil = now + LISTED_FOR
      if (known === undefined) this.#restart(topic, now)
    }
  }

  /** Asks at once, on every link. */
  askNow(service: string | undefined, step: MicroStep): void {
    const topic = this.#topics.get(service)
    if (topic && step.now - topic.askedAt < ASKED_JUST_NOW) return
    if (topic) topic.askedAt = step.now
    if (this.#links.length === 0 || !this.#bucket.take(step.now)) return
    const { naming, random } = this.#options
    const name = service === undefined ? naming.list : serviceName(service, naming.domain)
    const bytes = questionMessage(name, Math.floor(random() * MAX_ID))
    for (const { id } of this.#links) step.questions.push({ link: id, to: 'group', bytes })
  }

  /** What is due is asked; `isKnown` tells whether there is a node of a service. */
  due(step: MicroStep, isKnown: (service: string | undefined) => boolean): void {
    for (const topic of this.#schedule.due(step.now)) {
      if (topic.users === 0 && topic.listedUntil <= step.now && !isKnown(topic.service)) {
        this.#delete(topic)
        continue
      }
      this.askNow(topic.service, step)
      const gap = GAPS[topic.asked] ?? Math.min(2 ** topic.asked * (SECOND / 2), LONGEST_GAP)
      topic.asked += 1
      this.#schedule.set(topic, step.now + gap)
    }
  }

  #add(service: string | undefined): Topic {
    const topic = { service, users: 0, listedUntil: 0, asked: 0, askedAt: Number.NEGATIVE_INFINITY, place: NOWHERE }
    this.#topics.set(service, topic)
    return topic
  }

  #restart(topic: Topic, now: Instant): void {
    topic.asked = 0
    topic.askedAt = Number.NEGATIVE_INFINITY
    this.#schedule.set(topic, now)
  }

  #forgetListed(): void {
    for (const topic of [...this.#topics.values()]) {
      topic.listedUntil = 0
      if (topic.users === 0) this.#delete(topic)
    }
  }

  #delete(topic: Topic): void {
    this.#topics.delete(topic.service)
    this.#schedule.delete(topic)
  }
}
