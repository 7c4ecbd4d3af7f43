// Owns the life of our own nodes on the wire: claimed, announced, changed, and left with goodbyes.
// Does not own the answers to those who ask (micro-responder.ts).
import { FAREWELL_GAP, MULTICAST_GAP, SECOND } from '../mdns/cadence.ts'
import { NOWHERE, Schedule, type Waiting } from '../mdns/schedule.ts'
import type { Instant, Link } from '../mdns/types.ts'
import { foldName, type Name } from '../wire/name.ts'
import { announcementMessage, nodeRecords } from './micro-message.ts'
import { type MicroNaming, nodeName, serviceName } from './micro-name.ts'
import type { MicroStep } from './micro-step.ts'
import type { MicroPublication } from './types.ts'

/** Whoever has the name answers at once; so long it is waited for an answer that is late. */
const CLAIM = 250
/** The questions of a claim, since one may be lost. */
const CLAIM_QUESTIONS = [0, 100] as const
/** As go-micro does: at once, after one second and after three. */
const ANNOUNCE_GAPS = [1 * SECOND, 2 * SECOND] as const

/** One node of ours, and how far it has come. */
export interface Published extends Waiting {
  publication: MicroPublication
  /** Folded. */
  readonly name: string
  /** Folded. */
  readonly serviceName: string
  phase: 'claiming' | 'live' | 'leaving'
  /** Steps taken in this phase. */
  round: number
  announcedAt: Instant
}

export class MicroPublisher {
  readonly #naming: MicroNaming
  readonly #all = new Map<string, Published>()
  readonly #schedule = new Schedule<Published>()
  #links: readonly Link[] = []

  constructor(naming: MicroNaming) {
    this.#naming = naming
  }

  get size(): number {
    return this.#all.size
  }

  get wakeAt(): Instant {
    return this.#schedule.wakeAt
  }

  /** Those that may be answered for. */
  get live(): readonly Published[] {
    return [...this.#all.values()].filter(({ phase }) => phase === 'live')
  }

  publish(publication: MicroPublication, step: MicroStep): void {
    const known = this.#all.get(publication.key)
    if (known === undefined || known.phase === 'leaving') {
      this.#claim(publication, step)
      return
    }
    known.publication = publication
    if (known.phase === 'live') this.#announceSoon(known, step.now)
  }

  withdraw(key: string, step: MicroStep): void {
    const published = this.#all.get(key)
    if (published?.phase === 'claiming') this.#leave(published, step)
    else if (published?.phase === 'live') {
      published.phase = 'leaving'
      this.#say(published, 0, step)
      this.#schedule.set(published, step.now + FAREWELL_GAP)
    }
  }

  withdrawAll(step: MicroStep): void {
    for (const key of [...this.#all.keys()]) this.withdraw(key, step)
  }

  /** What is there is announced where it was not yet. */
  setLinks(links: readonly Link[], now: Instant): void {
    const known = new Set(this.#links.map(({ id }) => id))
    this.#links = links.filter(({ queryOnly }) => queryOnly !== true)
    if (this.#links.some(({ id }) => !known.has(id))) this.announceAllAgain(now)
  }

  announceAllAgain(now: Instant): void {
    for (const published of this.live) this.#announceSoon(published, now)
  }

  /** Somebody else has this name: a claim to it has failed, and nothing more. */
  taken(name: Name, step: MicroStep): void {
    const folded = foldName(name)
    for (const published of this.#all.values()) {
      if (published.phase === 'claiming' && published.name === folded) this.#lose(published, step)
    }
  }

  /** Returns the services that are to be asked for, so that whoever has a claimed name says so. */
  due(step: MicroStep): ReadonlySet<string> {
    const services = new Set<string>()
    for (const published of this.#schedule.due(step.now)) {
      if (published.phase === 'leaving') this.#sayLast(published, step)
      else if (published.phase === 'live') this.#announce(published, step)
      else if (this.#isClaimed(published, step)) this.#announce(published, step)
      else services.add(published.publication.service)
    }
    return services
  }

  #claim(publication: MicroPublication, step: MicroStep): void {
    const { key, id, service } = publication
    const { domain } = this.#naming
    const published: Published = {
      publication,
      name: foldName(nodeName(id, service, domain)),
      serviceName: foldName(serviceName(service, domain)),
      phase: 'claiming',
      round: 0,
      announcedAt: Number.NEGATIVE_INFINITY,
      place: NOWHERE,
    }
    const rival = [...this.#all.values()].find(({ phase, name }) => phase !== 'leaving' && name === published.name)
    this.#all.set(key, published)
    if (rival) this.#lose(published, step)
    else this.#schedule.set(published, step.now)
  }

  /** Whether nobody has answered in time; else the next question of the claim is due. */
  #isClaimed(published: Published, { now }: MicroStep): boolean {
    const asked = CLAIM_QUESTIONS[published.round]
    if (asked === undefined) {
      published.phase = 'live'
      published.round = 0
      return true
    }
    const next = CLAIM_QUESTIONS[published.round + 1] ?? CLAIM
    published.round += 1
    this.#schedule.set(published, now + next - asked)
    return false
  }

  #announceSoon(published: Published, now: Instant): void {
    published.round = 0
    this.#schedule.set(published, Math.max(now, published.announcedAt + MULTICAST_GAP))
  }

  #announce(published: Published, step: MicroStep): void {
    const { key, ttl } = published.publication
    this.#say(published, ttl, step)
    published.announcedAt = step.now
    const gap = ANNOUNCE_GAPS[published.round]
    if (published.round === 0) step.events.push({ kind: 'published', key })
    published.round += 1
    if (gap !== undefined) this.#schedule.set(published, step.now + gap)
  }

  #sayLast(published: Published, step: MicroStep): void {
    const isBack = [...this.#all.values()].some((one) => one !== published && one.name === published.name)
    if (!isBack) this.#say(published, 0, step)
    this.#leave(published, step)
  }

  #say({ publication }: Published, ttl: number, step: MicroStep): void {
    for (const link of this.#links) {
      const bytes = announcementMessage(nodeRecords(publication, link, this.#naming, ttl))
      step.sends.push({ link: link.id, to: 'group', bytes })
    }
  }

  #leave(published: Published, step: MicroStep): void {
    const { key } = published.publication
    this.#schedule.delete(published)
    if (this.#all.get(key) === published) this.#all.delete(key)
    step.events.push({ kind: 'withdrawn', key })
  }

  #lose(published: Published, step: MicroStep): void {
    const { key } = published.publication
    this.#schedule.delete(published)
    this.#all.delete(key)
    step.events.push({ kind: 'conflict', key })
  }
}
