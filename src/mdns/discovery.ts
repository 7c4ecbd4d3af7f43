// Owns the querier's side of one link: the cache, the standing questions, and what passes between the two.
// Does not own what this host publishes (authority.ts).
import { isWithin, nameFromText } from '../wire/name.ts'
import { CLASS_IN, type Message, type Name, type NsecRr, type Question, type Rr } from '../wire/types.ts'
import { Cache } from './cache.ts'
import { LINK_GRACE, TOPOLOGY_WINDOW } from './cadence.ts'
import { groupBy } from './group-by.ts'
import type { Limits } from './limits.ts'
import { Matters } from './matters.ts'
import type { AskedQuestion } from './outbox.ts'
import { Overheard } from './overheard.ts'
import { type Asker, Querier } from './querier.ts'
import { Reappearance } from './reappearance.ts'
import { DENIABLE, setKey } from './rr.ts'
import type { Change, Doubt, Heard, Instant, Interest, Random } from './types.ts'

const LOCAL = nameFromText('local')
/** `local` and the reverse domains of link-local addresses, RFC 6762 §3, §4. */
const DOMAINS: readonly Name[] = [
  LOCAL,
  ...['254.169.in-addr.arpa', ...['8', '9', 'a', 'b'].map((digit) => `${digit}.e.f.ip6.arpa`)].map(nameFromText),
]

/** OPT, and the types that exist only in questions and transactions, RFC 6762 §10.2. */
const PSEUDO = /^(TYPE41|TYPE249|TYPE25\d|ANY)$/

export interface DiscoveryDue {
  readonly changes: readonly Change[]
  readonly questions: readonly AskedQuestion[]
}

export class Discovery {
  readonly #random: Random
  readonly #limits: Limits
  /** The names that are asked for or missed here. */
  readonly matters = new Matters()
  readonly #cache: Cache
  readonly #reappearance: Reappearance
  readonly #overheard: Overheard
  #querier: Querier

  constructor(link: string, random: Random, limits: Limits) {
    this.#random = random
    this.#limits = limits
    this.#cache = new Cache(link, { random, limits, matters: this.matters })
    this.#querier = new Querier(random, limits)
    this.#overheard = new Overheard(limits.truncatedSources)
    this.#reappearance = new Reappearance(limits.silent, this.matters)
  }

  get wakeAt(): Instant {
    return Math.min(this.#cache.wakeAt, this.#querier.wakeAt)
  }

  get cached(): number {
    return this.#cache.size
  }

  /** `unicast`: the link just came up and unicast answers would reach us; a later question is QM, RFC 6762 §5.4. */
  ask(interest: Interest, now: Instant, unicast: boolean): void {
    this.#cache.want(interest, now)
    if (this.#cache.isAnswered(interest)) this.#querier.forget(interest)
    else this.#querier.ask(interest, now, { unicast })
  }

  forget(interest: Interest): void {
    this.#cache.unwant(interest)
    this.#querier.forget(interest)
  }

  reconfirm(doubt: Doubt, now: Instant): void {
    this.#cache.reconfirm(doubt, now)
  }

  unsent(now: Instant): void {
    this.#querier.unsent(now)
  }

  lookup(interest: Interest): readonly Heard[] {
    return this.#cache.lookup(interest)
  }

  askedAt(interest: Interest): Instant | undefined {
    return this.#querier.askedAt(interest)
  }

  /** The link is gone: nothing is asked any more, and what was heard is kept in case it comes back at once. */
  leave(now: Instant): void {
    this.#querier = new Querier(this.#random, this.#limits)
    this.#cache.suspect(now, LINK_GRACE)
  }

  /** The link may be another one: what is still true has to be heard again. */
  suspect(now: Instant): void {
    this.#cache.suspect(now, TOPOLOGY_WINDOW)
  }

  /** Answers may have been missed. */
  askAgain(now: Instant): void {
    this.#querier.restartAll(now)
  }

  heardResponse({ answers, additionals }: Message, now: Instant): readonly Change[] {
    const changes: Change[] = []
    for (const rr of answers) this.#heardRecord(rr, now, changes)
    for (const rr of additionals) this.#heardRecord(rr, now, changes)
    return changes
  }

  /** Another host's questions: each may stand in for ours, RFC 6762 §7.3, and may be met by silence. */
  heardQuery(message: Message, from: string, now: Instant): void {
    const { answers, authorities, truncated } = message
    const known = knownIn(answers)
    const asked = message.questions.flatMap(interestIn)
    const questions = asked.filter((interest) => this.#isNear(interest, from, now))
    const part = { from, goesOn: message.questions.length === 0, questions, known, truncated }
    for (const interest of this.#overheard.take(part, (rr) => this.#cache.isKnownAnswer(rr, now), now)) {
      this.#querier.heard(interest, this.#asker(interest, from), now)
      this.#cache.asked(interest, now)
    }
    // Who proposes the very records that another host has is not answered; who lists more may list them all.
    if (authorities.length > 0 || truncated) return
    for (const interest of asked) this.#cache.observe(interest, () => known(interest), now)
  }

  /** A response that names nothing of `matters` was left unread. */
  leftUnread(now: Instant): void {
    this.#cache.leftUnread(now)
  }

  due(now: Instant): DiscoveryDue {
    const { changes, refresh } = this.#cache.due(now)
    for (const interest of refresh) this.#querier.refresh(interest, now)
    for (const change of changes) this.#lost(change, now)
    const questions = this.#querier.due(now).map(({ question, renews }) => {
      return { question, known: this.#known(question, renews, now) }
    })
    return { changes, questions }
  }

  /** Only names of the link's own domains may be learned from it. */
  #heardRecord(heard: Rr, now: Instant, changes: Change[]): void {
    if (heard.class !== CLASS_IN || PSEUDO.test(heard.type) || !isLinkLocal(heard.name)) return
    const rr = asShared(heard)
    const news = this.#cache.put(rr, now)
    changes.push(...news)
    // What had to make room may have answered a question.
    for (const change of news) this.#lost(change, now)
    if (rr.ttl === 0) return
    if (this.#reappearance.heard(rr.name, now)) this.#querier.restartAll(now)
    if (rr.flush) this.#querier.answered(rr.name, rr.type)
    if (rr.type === 'NSEC') this.#heardDenial(rr)
  }

  /** It ends questions, RFC 6762 §6.1, but takes away no record that is there, as anybody may deny it. */
  #heardDenial({ name }: NsecRr): void {
    for (const type of DENIABLE) {
      if (this.#cache.isAnswered({ name, type })) this.#querier.answered(name, type)
    }
  }

  /** A question that the record had answered has to be asked again, also if it was one of several that had. */
  #lost(change: Change, now: Instant): void {
    if (change.action === 'added') return
    const { rr, reason } = change
    const fellSilent = reason === 'expired' || reason === 'unconfirmed'
    if (!rr.flush) {
      if (fellSilent && this.#cache.isWanted(rr)) this.#querier.restart(rr, now)
      return
    }
    for (const type of rr.type === 'NSEC' ? DENIABLE : [rr.type]) {
      const interest = { name: rr.name, type }
      if (!this.#cache.isWanted(interest) || this.#querier.isAsking(interest)) continue
      if (this.#cache.isAnswered(interest)) continue
      this.#querier.restart(interest, now)
      if (fellSilent) this.#reappearance.lost(rr.name, now)
    }
  }

  #isNear(interest: Interest, from: string, now: Instant): boolean {
    return this.#querier.isNear(interest, this.#asker(interest, from), now) || this.#cache.isFading(interest, now)
  }

  #asker(interest: Interest, address: string): Asker {
    return { address, many: this.#cache.hasMany(interest) }
  }

  #known({ name, type }: Question, renews: boolean, now: Instant): readonly Rr[] {
    return type === 'ANY' ? [] : this.#cache.knownAnswers({ name, type }, renews, now)
  }
}

/**
 * A PTR record of `local` is one of many, RFC 6763 §4.1, whatever its cache-flush bit says; else one careless device
 * would take away the services of all others.
 */
function asShared(rr: Rr): Rr {
  return rr.type === 'PTR' && rr.flush && isWithin(rr.name, LOCAL) ? { ...rr, flush: false } : rr
}

/** A question that others may ask on our behalf: one for an answer by multicast. */
function interestIn({ name, type, unicast, class: asked }: Question): readonly Interest[] {
  return unicast || asked !== CLASS_IN || type === 'ANY' ? [] : [{ name, type }]
}

/** The known answers to a question; sorted only once one is looked for, as most queries are about other things. */
function knownIn(answers: readonly Rr[]): (interest: Interest) => readonly Rr[] {
  let sorted: ReadonlyMap<string, readonly Rr[]> | undefined
  return ({ name, type }) => {
    if (answers.length === 0) return answers
    sorted ??= groupBy(answers, (rr) => setKey(rr.name, rr.type))
    return sorted.get(setKey(name, type)) ?? []
  }
}

function isLinkLocal(name: Name): boolean {
  return DOMAINS.some((domain) => isWithin(name, domain))
}
