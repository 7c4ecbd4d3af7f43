// Owns the responder's side of one link: claims, zone and replies, and what passes between them.
// Does not own what other hosts publish (discovery.ts), nor datagrams: what is to be sent goes to the outbox.
import { foldName, sameName } from '../wire/name.ts'
import { CLASS_IN, type Message, type Question, type Rr } from '../wire/types.ts'
import { MDNS_PORT } from './admission.ts'
import { Allowance } from './allowance.ts'
import { DEFENCE_GAP } from './cadence.ts'
import type { Wanted } from './claim.ts'
import { CoHolders } from './co-holders.ts'
import type { Conflicts } from './conflicts.ts'
import { groupBy } from './group-by.ts'
import { legacySend } from './legacy.ts'
import type { Limits } from './limits.ts'
import { Matters } from './matters.ts'
import type { Outbox, Reply } from './outbox.ts'
import { type IsOurs, Publisher } from './publisher.ts'
import type { PublisherEffect } from './publisher-effect.ts'
import { Replies } from './replies.ts'
import { additionalsTo, answersTo, type Records, unknownTo } from './responder.ts'
import { goodbyeOf, rrKey, setKey } from './rr.ts'
import { compareProposals } from './tiebreak.ts'
import { knownAnswers, Truncated, type WholeQuery } from './truncated.ts'
import type { Endpoint, Instant, Link, Random } from './types.ts'
import { Zone } from './zone.ts'

export interface AuthorityOptions {
  readonly random: Random
  readonly limits: Limits
  /** Those of the whole host. */
  readonly conflicts: Conflicts
  readonly isOurs: IsOurs
}

/** How a datagram came in. */
export interface Arrival {
  readonly viaGroup: boolean
  /** Whether we sent the same so lately that it may be nobody else's word; looked up only where that matters. */
  readonly mayBeEcho: () => boolean
}

/** Where a query came from. */
export interface Origin extends Arrival {
  readonly from: Endpoint
  /** Whether the source is in a subnet of the link, so that unicast may go there. */
  readonly onLink: boolean
  /** Whether it is a datagram of our own that came back. */
  readonly echo: boolean
}

/** What the engine has to hear of. */
export interface ClaimNews {
  readonly kind: 'settled' | 'lost'
  readonly id: string
}

interface Answered {
  readonly question: Question
  /** All answers, those included that the querier knows. */
  readonly all: readonly Rr[]
  readonly answers: readonly Rr[]
}

export class Authority {
  link: Link
  /** The names that are claimed or held here alone, and those under which others have records as well. */
  readonly unique = new Matters()
  readonly shared = new Matters()
  readonly #isOurs: IsOurs
  readonly #limits: Limits
  readonly #publisher: Publisher
  readonly #replies: Replies
  readonly #truncated: Truncated
  readonly #allowance: Allowance
  readonly #zone = new Zone(this.unique, this.shared)
  readonly #coHolders = new CoHolders()
  readonly #records: Records = (name) => this.#zone.records(name)

  constructor(link: Link, { random, limits, conflicts, isOurs }: AuthorityOptions) {
    this.link = link
    this.#isOurs = isOurs
    this.#limits = limits
    this.#publisher = new Publisher({ random, limits, conflicts, matters: this.unique })
    this.#replies = new Replies(random)
    this.#truncated = new Truncated(random, limits)
    this.#allowance = new Allowance(limits)
  }

  get wakeAt(): Instant {
    return Math.min(this.#publisher.wakeAt, this.#replies.wakeAt, this.#truncated.wakeAt)
  }

  get isLeaving(): boolean {
    return this.#publisher.isLeaving
  }

  /** Whether the record is one that we announce, or propose to. */
  owns(rr: Rr): boolean {
    if (this.#zone.find(rr) !== undefined) return true
    const key = rrKey(rr)
    return this.#publisher.proposed(rr.name).some((own) => rrKey(own) === key)
  }

  /** Whether a truncated query of this host is waiting for its rest. */
  awaits(from: Endpoint): boolean {
    return this.#truncated.has(from)
  }

  publish(wanted: Wanted, now: Instant, outbox: Outbox): readonly ClaimNews[] {
    return this.#apply(this.#publisher.publish(wanted, now), outbox, now)
  }

  withdraw(id: string, now: Instant, outbox: Outbox): void {
    this.#apply(this.#publisher.withdraw(id, now), outbox, now)
  }

  reprobe(now: Instant, outbox: Outbox): readonly ClaimNews[] {
    return this.#apply(this.#publisher.reprobe(now), outbox, now)
  }

  unsent(now: Instant, outbox: Outbox): readonly ClaimNews[] {
    return this.#apply(this.#publisher.unsent(now), outbox, now)
  }

  heardResponse(message: Message, arrival: Arrival, now: Instant, outbox: Outbox): readonly ClaimNews[] {
    const { answers, authorities, additionals, skipped } = message
    const all = [...answers, ...authorities, ...additionals]
    if (arrival.viaGroup) {
      this.#heardHolder(all, arrival, now)
      for (const rr of all) this.#heardOwn(rr, now)
    }
    return this.#apply(this.#publisher.heardResponse(all, skipped, this.#isOurs, now), outbox, now)
  }

  heardQuery(message: Message, origin: Origin, now: Instant, outbox: Outbox): void {
    const { from, viaGroup, onLink } = origin
    if (from.port !== MDNS_PORT) {
      this.#answerLegacy(message, origin, now, outbox)
      return
    }
    const probe = message.authorities.length > 0
    // Against a probe of our own there is nothing to defend.
    if (probe && origin.echo) return
    if (probe) {
      this.#heardHolder(message.authorities, origin, now)
      this.#publisher.heardProbe(message.authorities, this.#isOurs, now)
    }
    // Most queries are about names of others: what they list as known is not even looked at.
    const concerns = message.questions.some(({ name }) => this.#zone.has(name)) || this.#truncated.has(from)
    if (!concerns) return
    const questions = probe ? this.#contested(message) : message.questions
    const query = { from, viaGroup, onLink, questions, known: this.#knownAnswers(message) }
    if (message.truncated && this.#truncated.add(query, true, now)) return
    if (this.#truncated.has(from)) this.#truncated.add({ ...query, questions: [] }, false, now)
    this.#answer(query, now, { probe, waited: false })
  }

  due(now: Instant, outbox: Outbox): readonly ClaimNews[] {
    const news = this.#apply(this.#publisher.due(now), outbox, now)
    for (const query of this.#truncated.due(now)) {
      this.#answer(query, now, { probe: false, waited: true })
    }
    const { multicast, unicast } = this.#replies.due(now)
    const sets = groupBy(multicast, (rr) => (rr.flush ? setKey(rr.name, rr.type) : rrKey(rr)))
    for (const answers of sets.values()) outbox.multicast.push(this.#replyOf(answers, now))
    for (const { to, answers } of unicast) {
      outbox.unicast.push({ to, reply: { answers, additionals: additionalsTo(answers, this.#records) } })
    }
    return news
  }

  /** These records went out by multicast. */
  sent(records: readonly Rr[], now: Instant): void {
    this.#replies.sent(records, now)
  }

  #replyOf(answers: readonly Rr[], now: Instant): Reply {
    const additionals = additionalsTo(answers, this.#records)
    return { answers, additionals: additionals.filter((rr) => this.#replies.isRested(rr, now)) }
  }

  #apply(effects: readonly PublisherEffect[], outbox: Outbox, now: Instant): readonly ClaimNews[] {
    const news: ClaimNews[] = []
    for (const effect of effects) {
      switch (effect.kind) {
        case 'probe':
          outbox.probes.push({ questions: this.#probeQuestions(effect.records), proposed: effect.records })
          break
        case 'hold':
          this.#dropReplies(this.#zone.set(effect.id, effect.records))
          break
        case 'release':
          this.#dropReplies(this.#zone.delete(effect.id))
          break
        case 'announce':
          outbox.multicast.push(this.#replyOf(effect.records, now))
          break
        case 'goodbye': {
          const stays = (rr: Rr) => this.#zone.find(rr) !== undefined || this.#coHolders.hold(rr, now)
          const gone = effect.records.filter((rr) => !stays(rr))
          outbox.multicast.push({ answers: gone.map(goodbyeOf), additionals: [] })
          break
        }
        default:
          news.push(effect)
      }
    }
    return news
  }

  #dropReplies(released: readonly Rr[]): void {
    this.#replies.forget(released.filter((rr) => this.#zone.find(rr) === undefined))
  }

  /** RFC 6762 §8.1: one question of type ANY for each name. */
  #probeQuestions(records: readonly Rr[]): readonly Question[] {
    const names = groupBy(records, (rr) => foldName(rr.name)).values()
    const { unicast } = this.link
    return [...names].flatMap(([rr]) => (rr ? [{ name: rr.name, type: 'ANY', class: CLASS_IN, unicast }] : []))
  }

  /**
   * Another host told the group of a record that is ours as well. If its TTL would let the record die, we announce
   * ours, RFC 6762 §6.6, §10.1; else it has answered for us, §7.4.
   */
  #heardOwn(rr: Rr, now: Instant): void {
    const own = this.#zone.find(rr)
    if (own === undefined) {
      this.#heardBridged(rr, now)
      return
    }
    if (2 * rr.ttl < own.ttl) this.#replies.gather([own], now)
    else this.#replies.answeredByOther(own, rr.ttl)
  }

  /**
   * Two of our links are one wire: what we said on the other one makes peers forget what we said here, unless we say
   * it again, RFC 6762 §10.2, §14. What was multicast within the last second is not forgotten.
   */
  #heardBridged(rr: Rr, now: Instant): void {
    if (!rr.flush || rr.ttl === 0 || !this.#zone.has(rr.name) || !this.#isOurs(rr)) return
    const own = this.#zone.records(rr.name).filter((each) => each.flush && each.type === rr.type)
    this.#replies.gather(
      own.filter((each) => this.#replies.isRested(each, now)),
      now,
    )
  }

  /** Another program announced, proposed or gave up records that are ours as well. */
  #heardHolder(records: readonly Rr[], { mayBeEcho }: Arrival, now: Instant): void {
    const common = records.filter((rr) => this.#zone.find(rr) !== undefined)
    if (common.length > 0 && !mayBeEcho()) for (const rr of common) this.#coHolders.heard(rr, now)
  }

  /**
   * RFC 6762 §9: the same records are no conflict. Whoever proposes just what we hold, as each program on this machine
   * does for the host name, gets no defence: with many of them, each probe would bring an answer of each.
   */
  #contested({ questions, authorities }: Message): readonly Question[] {
    return questions.filter(({ name }) => {
      const proposed = authorities.filter((rr) => sameName(rr.name, name))
      return proposed.length === 0 || compareProposals(this.#records(name), proposed) !== 0
    })
  }

  readonly #knownAnswers = ({ answers }: Message) => knownAnswers(answers, (rr) => this.#zone.find(rr) !== undefined)

  #answersTo(query: WholeQuery): readonly Answered[] {
    return query.questions.map((question) => {
      const all = answersTo(question, this.#records)
      return { question, all, answers: unknownTo(query.known, all) }
    })
  }

  #answer(query: WholeQuery, now: Instant, how: { probe: boolean; waited: boolean }): void {
    const answered = this.#answersTo(query)
    const sole = answered.length === 1 && answered.every(({ all }) => all.every((rr) => rr.flush))
    for (const { question, answers } of answered) {
      if (answers.length === 0) continue
      const defence = how.probe && question.type === 'ANY' && answers.some((rr) => rr.flush)
      const atOnce = sole || how.waited || defence
      const unicast = query.onLink && (question.unicast || !query.viaGroup)
      const byUnicast = unicast ? answers.filter((rr) => defence || this.#replies.isRecent(rr, now)) : []
      const byMulticast = unicast ? answers.filter((rr) => !this.#replies.isRecent(rr, now)) : answers
      if (byUnicast.length > 0 && this.#allowance.take(query.from.address, now)) {
        this.#replies.unicast(query.from, byUnicast, now, !atOnce)
      }
      if (atOnce) this.#replies.answer(byMulticast, now, defence ? DEFENCE_GAP : undefined)
      else this.#replies.gather(byMulticast, now)
    }
  }

  /** RFC 6762 §6.7: a plain resolver gets one reply, at once, where it asked from; known answers count as in mDNS. */
  #answerLegacy(message: Message, { from, viaGroup, onLink }: Origin, now: Instant, outbox: Outbox): void {
    const { questions } = message
    const answered = this.#answersTo({ from, viaGroup, onLink, questions, known: this.#knownAnswers(message) })
    const answers = answered.flatMap((each) => each.answers)
    if (!onLink || answers.length === 0 || !this.#allowance.take(from.address, now)) return
    outbox.legacy.push(legacySend(message, from, answers, { records: this.#records, most: this.#limits.datagramOut6 }))
  }
}
