// Owns what one link has heard: records with their remaining life, and when each has to be asked for again.
// Does not own the questions (querier.ts): it says which sets want a refresh, and returns what changed.
import type { Name, Rr, RrType } from '../wire/types.ts'
import { ByQuestion } from './by-question.ts'
import { GRACE, PASSIVE_WINDOW, RECONFIRM_WINDOW, refreshAt, SECOND } from './cadence.ts'
import { Failures } from './failures.ts'
import { FEW, isKnown, knownAnswers } from './known-answers.ts'
import { endOf, lifeOf, type Moment, naturalEndOf } from './lifetime.ts'
import type { Limits } from './limits.ts'
import type { Matters } from './matters.ts'
import { Room } from './room.ts'
import { type CacheEntry, RrSet } from './rr-set.ts'
import { NOWHERE, Schedule } from './schedule.ts'
import type { Change, Doubt, Heard, Instant, Interest, Random, RemovalReason } from './types.ts'

const NOTHING: Iterable<CacheEntry> = []

export interface CacheDue {
  readonly changes: readonly Change[]
  /** Sets of which a record is about to run out while somebody wants it. */
  readonly refresh: readonly Interest[]
}

export interface CacheOptions {
  readonly random: Random
  readonly limits: Limits
  readonly matters: Matters
}

export class Cache {
  readonly #link: string
  readonly #random: Random
  readonly #limits: Limits
  /** Those that have a record, and those that are wanted. */
  readonly #sets = new ByQuestion<RrSet>()
  readonly #schedule = new Schedule<CacheEntry>()
  readonly #failures = new Failures()
  readonly #room: Room
  readonly #matters: Matters
  #moment: Moment = { at: Number.NEGATIVE_INFINITY, jitter: 0 }
  #unreadAt: Instant = Number.NEGATIVE_INFINITY

  constructor(link: string, { random, limits, matters }: CacheOptions) {
    this.#link = link
    this.#random = random
    this.#limits = limits
    this.#room = new Room(limits, this.#sets)
    this.#matters = matters
  }

  /** Records. */
  get size(): number {
    return this.#schedule.size
  }

  get wakeAt(): Instant {
    return this.#schedule.wakeAt
  }

  /** Takes in one record of a response. */
  put(rr: Rr, now: Instant): readonly Change[] {
    if (rr.ttl === 0) {
      this.#goodbye(rr, now)
      return []
    }
    const set = this.#setOf(rr.name, rr.type)
    if (rr.flush) this.#flush(set, now)
    const known = set.find(rr)
    if (known) {
      this.#renew(known, rr, now)
      return []
    }
    return this.#add(set, rr, now)
  }

  /** Asks for the set to be kept fresh. What may have changed unread is doubted. */
  want({ name, type }: Interest, now: Instant): void {
    const set = this.#setOf(name, type)
    if (set.wanted) return
    this.#matters.add(name)
    this.#mark(set, true)
    for (const entry of set) if (entry.heard.at <= this.#unreadAt) this.#doubt(entry, now)
  }

  unwant({ name, type }: Interest): void {
    const set = this.#sets.get(name, type)
    if (!set?.wanted) return
    this.#matters.delete(name)
    this.#mark(set, false)
    this.#dropIfIdle(set)
  }

  isWanted({ name, type }: Interest): boolean {
    return this.#sets.get(name, type)?.wanted ?? false
  }

  /** Unless the doubted records are heard again they go soon, RFC 6762 §10.4. */
  reconfirm({ interest: { name, type }, target }: Doubt, now: Instant): void {
    const set = this.#sets.get(name, type)
    if (set) for (const entry of target ? set.pointingTo(target) : set) this.#doubt(entry, now)
  }

  /** A response was left unread, which may have told something new of a set that nobody wants. */
  leftUnread(now: Instant): void {
    this.#unreadAt = now
  }

  /** Whether a record of the set is about to be asked for, as far as the random delay of that may reach. */
  isFading({ name, type }: Interest, now: Instant): boolean {
    for (const entry of this.#sets.get(name, type) ?? NOTHING) if (this.#isFading(entry, now)) return true
    return false
  }

  /** RFC 6762 §7.3: another host has just asked for the set, so that what is about to be asked for need not be. */
  asked({ name, type }: Interest, now: Instant): void {
    for (const entry of this.#sets.get(name, type) ?? NOTHING) {
      if (!this.#isFading(entry, now)) continue
      entry.rung++
      this.#arm(entry)
    }
  }

  /** Another host asked for the set; `known` are its known answers. What nobody answers with goes in ten seconds. */
  observe({ name, type }: Interest, known: () => readonly Rr[], now: Instant): void {
    const set = this.#sets.get(name, type)
    for (const entry of set ? this.#failures.asked(set, known, now) : []) {
      if (entry.doom === undefined) this.#doom(entry, 'expired', now + PASSIVE_WINDOW)
    }
  }

  /** What has run out, and what will soon. */
  due(now: Instant): CacheDue {
    const changes: Change[] = []
    const refresh = new Set<RrSet>()
    for (const entry of this.#schedule.due(now)) {
      if (endOf(entry) <= now) {
        changes.push(this.#remove(entry, entry.doom?.reason ?? 'expired'))
        continue
      }
      // Several rungs are past when time has jumped, or when somebody wants an old record: one question is enough.
      do entry.rung++
      while (this.#nextRung(entry) <= now)
      refresh.add(entry.set)
      this.#arm(entry)
    }
    return { changes, refresh: [...refresh] }
  }

  /** Newest first. */
  lookup({ name, type }: Interest): readonly Heard[] {
    const heard: Heard[] = []
    for (const entry of this.#sets.get(name, type) ?? NOTHING) {
      heard.push({ rr: entry.rr, link: this.#link, at: entry.heard.at, until: endOf(entry) })
    }
    return heard.length > 1 ? heard.sort((a, b) => b.at - a.at) : heard
  }

  /** Whether a question for the set would bring nothing new: its unique records are here, or are known not to exist. */
  isAnswered(interest: Interest): boolean {
    const set = this.#sets.get(interest.name, interest.type)
    for (const entry of set ?? NOTHING) if (entry.rr.flush && entry.doom === undefined) return true
    return (set?.size ?? 0) === 0 && this.#isDenied(interest)
  }

  /** What a question for the set tells of what is known; `renews` if it is asked to keep records that run out. */
  knownAnswers({ name, type }: Interest, renews: boolean, now: Instant): readonly Rr[] {
    const entries = this.#sets.get(name, type) ?? NOTHING
    return knownAnswers(entries, { now, renews, limit: this.#limits.knownAnswers })
  }

  /** Whether a question for the set may have more known answers than fit one datagram. */
  hasMany({ name, type }: Interest): boolean {
    return (this.#sets.get(name, type)?.size ?? 0) > FEW
  }

  /** Whether the record is among the known answers to a question for its set. */
  isKnownAnswer(rr: Rr, now: Instant): boolean {
    const entry = this.#sets.get(rr.name, rr.type)?.find(rr)
    return entry?.rr.class === rr.class && isKnown(entry, now)
  }

  /** The link is gone, or not what it was: what is not heard again within `window` goes, RFC 6762 §10.3. */
  suspect(now: Instant, window: number): void {
    for (const set of this.#sets) {
      for (const entry of set) {
        if (entry.doom !== undefined && entry.doom.reason !== 'link-gone') continue
        entry.doom = { reason: 'link-gone', until: Math.min(naturalEndOf(entry), now + window) }
        this.#arm(entry)
      }
    }
  }

  /** RFC 6762 §6.1: an NSEC record says which types its owner has. */
  #isDenied({ name, type }: Interest): boolean {
    for (const { rr } of this.#sets.get(name, 'NSEC') ?? NOTHING) {
      if (rr.type === 'NSEC' && !rr.types.includes(type)) return true
    }
    return false
  }

  #setOf(name: Name, type: RrType): RrSet {
    let set = this.#sets.get(name, type)
    if (set === undefined) {
      set = new RrSet(name, type)
      this.#sets.add(set)
    }
    return set
  }

  #add(set: RrSet, rr: Rr, now: Instant): readonly Change[] {
    const going = this.#room.makeFor(set, this.size)
    if (going === undefined) {
      this.#dropIfIdle(set)
      return []
    }
    const entry = { set, rr, heard: this.#momentOf(now), doom: undefined, rung: 0, place: NOWHERE }
    set.add(entry)
    this.#room.hold(entry)
    this.#arm(entry)
    const changes = going.map((oldest) => this.#remove(oldest, 'evicted'))
    return [...changes, { action: 'added', link: this.#link, rr }]
  }

  #renew(entry: CacheEntry, rr: Rr, now: Instant): void {
    entry.rr = rr
    entry.heard = this.#momentOf(now)
    entry.doom = undefined
    entry.rung = 0
    this.#arm(entry)
  }

  /** RFC 6762 §10.1: a goodbye takes effect after one second, so that another holder of the record can save it. */
  #goodbye(rr: Rr, now: Instant): void {
    const entry = this.#sets.get(rr.name, rr.type)?.find(rr)
    if (entry) this.#doom(entry, 'goodbye', now + GRACE)
  }

  /** RFC 6762 §10.2: all members that are older than a second go in a second, unless they are heard again. */
  #flush(set: RrSet, now: Instant): void {
    const moment = this.#momentOf(now)
    if (set.flushed === moment) return
    set.flushed = moment
    for (const entry of set) {
      if (now - entry.heard.at > GRACE) this.#doom(entry, 'superseded', now + GRACE)
    }
  }

  #doubt(entry: CacheEntry, now: Instant): void {
    if (entry.doom === undefined) this.#doom(entry, 'unconfirmed', now + RECONFIRM_WINDOW)
  }

  #doom(entry: CacheEntry, reason: RemovalReason, until: Instant): void {
    if (until >= endOf(entry)) return
    entry.doom = { reason, until }
    entry.rung = 0
    this.#arm(entry)
  }

  #arm(entry: CacheEntry): void {
    this.#schedule.set(entry, Math.min(this.#nextRung(entry), endOf(entry)))
  }

  #nextRung(entry: CacheEntry): Instant {
    const { doom, heard, rr, rung, set } = entry
    if (doom?.reason === 'unconfirmed') return doom.until - RECONFIRM_WINDOW + rung * SECOND
    if (doom !== undefined || !set.wanted) return Number.POSITIVE_INFINITY
    return refreshAt(lifeOf(rr), naturalEndOf(entry), rung, heard.jitter)
  }

  #isFading(entry: CacheEntry, now: Instant): boolean {
    return entry.doom === undefined && this.#nextRung(entry) - now <= lifeOf(entry.rr) / 50
  }

  #mark(set: RrSet, wanted: boolean): void {
    set.wanted = wanted
    for (const entry of set) this.#arm(entry)
    this.#room.holdAll(set.name)
  }

  #remove(entry: CacheEntry, reason: RemovalReason): Change {
    entry.set.remove(entry)
    this.#room.release(entry)
    this.#schedule.delete(entry)
    this.#dropIfIdle(entry.set)
    return { action: 'removed', link: this.#link, rr: entry.rr, reason }
  }

  #dropIfIdle(set: RrSet): void {
    if (set.size === 0 && !set.wanted) this.#sets.delete(set)
  }

  #momentOf(now: Instant): Moment {
    if (this.#moment.at !== now) this.#moment = { at: now, jitter: this.#random() }
    return this.#moment
  }
}
