// Owns how many records one link's cache may hold, and which make room: those that nobody asked for, oldest first.
// Does not own the records (cache.ts), nor who asks.
import type { Name } from '../wire/types.ts'
import type { ByQuestion } from './by-question.ts'
import type { Limits } from './limits.ts'
import type { CacheEntry, RrSet } from './rr-set.ts'

export class Room {
  readonly #limits: Limits
  readonly #sets: ByQuestion<RrSet>
  /** Oldest first. */
  readonly #unasked = new Set<CacheEntry>()

  /** `sets`: those of the cache. */
  constructor(limits: Limits, sets: ByQuestion<RrSet>) {
    this.#limits = limits
    this.#sets = sets
  }

  /** An entry is in the cache; only while it is of no use may it have to go. */
  hold(entry: CacheEntry): void {
    if (this.#isOfUse(entry.set)) this.#unasked.delete(entry)
    else this.#unasked.add(entry)
  }

  /** It is asked for something of this name now, or no longer. */
  holdAll(name: Name): void {
    for (const set of this.#sets.named(name)) for (const entry of set) this.hold(entry)
  }

  release(entry: CacheEntry): void {
    this.#unasked.delete(entry)
  }

  /** What has to go for one more member of the set; undefined if that would not help. `cached`: entries in all. */
  makeFor(set: RrSet, cached: number): readonly CacheEntry[] | undefined {
    const members = set.type === 'PTR' ? this.#limits.pointers : this.#limits.members
    if (set.size >= members) return undefined
    const going: CacheEntry[] = []
    for (const oldest of this.#unasked) {
      if (!this.#isFullFor(set, cached, going.length)) break
      going.push(oldest)
    }
    return this.#isFullFor(set, cached, going.length) ? undefined : going
  }

  #isFullFor(set: RrSet, cached: number, going: number): boolean {
    if (cached - going >= this.#limits.cached) return true
    return !this.#isOfUse(set) && this.#unasked.size - going >= this.#limits.cachedUnasked
  }

  /** Somebody wants it; or it denies what somebody wants, who would ask for that again and again without it. */
  #isOfUse(set: RrSet): boolean {
    if (set.wanted || set.type !== 'NSEC') return set.wanted
    for (const { wanted } of this.#sets.named(set.name)) if (wanted) return true
    return false
  }
}
