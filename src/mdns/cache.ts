// Owns what one link has heard: records with their remaining life, and when each has to be asked for again.
// Does not own the questions (querier.ts): it says which sets want a refresh, and returns what changed.
import type { Rr, RrType } from '../wire/types.ts'
import { GRACE, PASSIVE_WINDOW, RECONFIRM_WINDOW, refreshAt, SECOND } from './cadence.ts'
import { Failures } from './failures.ts'
import type { Limits } from './limits.ts'
import { Room } from './room.ts'
import { setKey } from './rr.ts'
import { type CacheEntry, RrSet } from './rr-set.ts'
import { Schedule } from './schedule.ts'
import type { Change, Doubt, Heard, Instant, Interest, Random, RemovalReason } from './types.ts'

/** Seconds; a longer TTL is taken for this one, so that nothing a peer says once stays for days. */
const MAX_TTL = 4_500
/** And a denial for this one: it silences our questions, and anybody may deny what is not there yet. */
const MAX_DENIAL_TTL = 120

export interface CacheDue {
  readonly changes: readonly Change[]
  /** Sets of which a record is about to run out while somebody wants it. */
  readonly refresh: readonly Interest[]
}

export class Cache {
  readonly #link: string
  readonly #random: Random
  readonly #limits: Limits
  readonly #sets = new Map<string, RrSet>()
  readonly #wanted = new Set<string>()
  readonly #schedule = new Schedule<CacheEntry>()
  readonly #failures = new Failures()
  readonly #room: Room
  /** Records that arrive together share their jitter, so that one question can refresh them together. */
  #jitter = { at: Number.NEGATIVE_INFINITY, value: 0 }

  constructor(link: string, random: Random, limits: Limits) {
    this.#link = link
    this.#random = random
    this.#limits = limits
    this.#room = new Room(limits)
  }

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
    const set = this.#setOf(rr)
    if (rr.flush) this.#flush(set, now)
    const known = set.find(rr)
    if (known) {
      this.#renew(known, rr, now)
      return []
    }
    return this.#add(set, rr, now)
  }

  /** Asks for the set to be kept fresh. */
  want(interest: Interest): void {
    const key = setKey(interest.name, interest.type)
    this.#wanted.add(key)
    this.#mark(key, true)
  }

  unwant(interest: Interest): void {
    const key = setKey(interest.name, interest.type)
    this.#wanted.delete(key)
    this.#mark(key, false)
  }

  /** Unless the doubted records are heard again they go soon, RFC 6762 §10.4. */
  reconfirm({ interest, target }: Doubt, now: Instant): void {
    const set = this.#sets.get(setKey(interest.name, interest.type))
    const doubted = target ? set?.pointingTo(target) : set?.entries
    for (const entry of doubted ?? []) {
      if (entry.doom === undefined) this.#doom(entry, 'unconfirmed', now + RECONFIRM_WINDOW)
    }
  }

  /** Whether a record of the set is about to be asked for, as far as the random delay of that may reach. */
  isFading(key: string, now: Instant): boolean {
    return this.#sets.get(key)?.entries.some((entry) => this.#isFading(entry, now)) ?? false
  }

  /** RFC 6762 §7.3: another host has just asked for the set, so that what is about to be asked for need not be. */
  asked(key: string, now: Instant): void {
    for (const entry of this.#sets.get(key)?.entries ?? []) {
      if (!this.#isFading(entry, now)) continue
      entry.rung++
      this.#arm(entry)
    }
  }

  /** Another host asked for the set; `known` are its known answers. What nobody answers with goes in ten seconds. */
  observe(key: string, known: () => readonly Rr[], now: Instant): void {
    const set = this.#sets.get(key)
    for (const entry of set ? this.#failures.asked(set, known, now) : []) {
      if (entry.doom === undefined) this.#doom(entry, 'expired', now + PASSIVE_WINDOW)
    }
  }

  /** What has run out, and what will soon. */
  due(now: Instant): CacheDue {
    const changes: Change[] = []
    const refresh = new Set<RrSet>()
    for (const entry of this.#schedule.due(now)) {
      if (entry.until <= now) {
        changes.push(this.#remove(entry, entry.doom ?? 'expired'))
        continue
      }
      // Several rungs are past when time has jumped, or when somebody wants an old record: one question is enough.
      do entry.rung++
      while (this.#nextRung(entry) <= now)
      refresh.add(entry.set)
      this.#arm(entry)
    }
    return { changes, refresh: [...refresh].map((set) => set.interest) }
  }

  /** Newest first. */
  lookup(interest: Interest): readonly Heard[] {
    const set = this.#sets.get(setKey(interest.name, interest.type))
    if (set === undefined) return []
    const heard = set.entries.map(({ rr, at, until }) => ({ rr, link: this.#link, at, until }))
    return heard.sort((a, b) => b.at - a.at)
  }

  /** Whether a question for the set would bring nothing new: its unique records are here, or are known not to exist. */
  isAnswered(interest: Interest): boolean {
    const entries = this.#sets.get(setKey(interest.name, interest.type))?.entries ?? []
    if (entries.some((entry) => entry.rr.flush && entry.doom === undefined)) return true
    return entries.length === 0 && this.#isDenied(interest)
  }

  /** The shared records of a set that have more than half of their life left, RFC 6762 §7.1, unless too many. */
  knownAnswers(interest: Interest, now: Instant): readonly Rr[] {
    const entries = this.#sets.get(setKey(interest.name, interest.type))?.entries ?? []
    const known = entries.filter((entry) => isKnown(entry, now)).slice(0, this.#limits.knownAnswers)
    return known.map(({ rr, until }) => ({ ...rr, ttl: Math.floor((until - now) / SECOND) }))
  }

  /** Whether the record is among the known answers to a question for its set. */
  isKnownAnswer(rr: Rr, now: Instant): boolean {
    const entry = this.#sets.get(setKey(rr.name, rr.type))?.find(rr)
    return entry !== undefined && entry.rr.class === rr.class && isKnown(entry, now)
  }

  /** The link is gone, or not what it was: what is not heard again within `window` goes, RFC 6762 §10.3. */
  suspect(now: Instant, window: number): void {
    for (const { entries } of this.#sets.values()) {
      for (const entry of entries) {
        if (entry.doom !== undefined && entry.doom !== 'link-gone') continue
        entry.doom = 'link-gone'
        entry.until = Math.min(entry.at + entry.life, now + window)
        this.#arm(entry)
      }
    }
  }

  /** RFC 6762 §6.1: an NSEC record says which types its owner has. */
  #isDenied({ name, type }: Interest): boolean {
    const denials = this.#sets.get(setKey(name, 'NSEC'))?.entries ?? []
    return denials.some(({ rr }) => rr.type === 'NSEC' && !rr.types.includes(type as RrType))
  }

  #setOf(rr: Rr): RrSet {
    const key = setKey(rr.name, rr.type)
    let set = this.#sets.get(key)
    if (set === undefined) {
      set = new RrSet(key, { name: rr.name, type: rr.type })
      set.wanted = this.#wanted.has(key)
      this.#sets.set(key, set)
    }
    return set
  }

  #add(set: RrSet, rr: Rr, now: Instant): readonly Change[] {
    const going = this.#room.makeFor(set, this.size)
    if (going === undefined) {
      this.#dropIfEmpty(set)
      return []
    }
    const changes = going.map((oldest) => this.#remove(oldest, 'evicted'))
    const life = lifeOf(rr)
    const jitter = this.#drawJitter(now)
    const entry = { set, rr, at: now, until: now + life, life, doom: undefined, rung: 0, jitter }
    set.add(entry)
    // A removal for want of room may have dropped the set itself.
    this.#sets.set(set.key, set)
    this.#room.hold(entry, set.wanted)
    this.#arm(entry)
    return [...changes, { action: 'added', link: this.#link, rr }]
  }

  #renew(entry: CacheEntry, rr: Rr, now: Instant): void {
    entry.rr = rr
    entry.at = now
    entry.life = lifeOf(rr)
    entry.until = now + entry.life
    entry.doom = undefined
    entry.rung = 0
    entry.jitter = this.#drawJitter(now)
    this.#arm(entry)
  }

  /** RFC 6762 §10.1: a goodbye takes effect after one second, so that another holder of the record can save it. */
  #goodbye(rr: Rr, now: Instant): void {
    const entry = this.#sets.get(setKey(rr.name, rr.type))?.find(rr)
    if (entry) this.#doom(entry, 'goodbye', now + GRACE)
  }

  /** RFC 6762 §10.2: all members that are older than a second go in a second, unless they are heard again. */
  #flush(set: RrSet, now: Instant): void {
    if (set.flushedAt === now) return
    set.flushedAt = now
    for (const entry of set.entries) {
      if (now - entry.at > GRACE) this.#doom(entry, 'superseded', now + GRACE)
    }
  }

  #doom(entry: CacheEntry, reason: RemovalReason, until: Instant): void {
    if (until >= entry.until) return
    entry.doom = reason
    entry.until = until
    entry.rung = 0
    this.#arm(entry)
  }

  #arm(entry: CacheEntry): void {
    this.#schedule.set(entry, Math.min(this.#nextRung(entry), entry.until))
  }

  #nextRung(entry: CacheEntry): Instant {
    if (entry.doom === 'unconfirmed') return entry.until - RECONFIRM_WINDOW + entry.rung * SECOND
    if (entry.doom !== undefined || !entry.set.wanted) return Number.POSITIVE_INFINITY
    return refreshAt(entry.life, entry.until, entry.rung, entry.jitter)
  }

  #isFading(entry: CacheEntry, now: Instant): boolean {
    return entry.doom === undefined && this.#nextRung(entry) - now <= entry.life / 50
  }

  #mark(key: string, wanted: boolean): void {
    const set = this.#sets.get(key)
    if (set === undefined || set.wanted === wanted) return
    set.wanted = wanted
    for (const entry of set.entries) {
      this.#room.hold(entry, wanted)
      this.#arm(entry)
    }
  }

  #remove(entry: CacheEntry, reason: RemovalReason): Change {
    entry.set.remove(entry)
    this.#room.release(entry)
    this.#schedule.delete(entry)
    this.#dropIfEmpty(entry.set)
    return { action: 'removed', link: this.#link, rr: entry.rr, reason }
  }

  #dropIfEmpty(set: RrSet): void {
    if (set.entries.length === 0) this.#sets.delete(set.key)
  }

  #drawJitter(now: Instant): number {
    if (this.#jitter.at !== now) this.#jitter = { at: now, value: this.#random() }
    return this.#jitter.value
  }
}

function lifeOf(rr: Rr): number {
  return Math.min(rr.ttl, rr.type === 'NSEC' ? MAX_DENIAL_TTL : MAX_TTL) * SECOND
}

function isKnown({ rr, until, life, doom }: CacheEntry, now: Instant): boolean {
  return !rr.flush && doom === undefined && 2 * (until - now) > life
}
