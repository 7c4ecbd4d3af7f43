// Owns how many records one link's cache may hold, and which make room: those that nobody asked for, oldest first.
// Does not own the records (cache.ts), nor who asks.
import type { Limits } from './limits.ts'
import type { CacheEntry, RrSet } from './rr-set.ts'

export class Room {
  readonly #limits: Limits
  /** Oldest first. */
  readonly #unasked = new Set<CacheEntry>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** An entry is in the cache; only while nobody wants it may it have to go. */
  hold(entry: CacheEntry, wanted: boolean): void {
    if (wanted) this.#unasked.delete(entry)
    else this.#unasked.add(entry)
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

  #isFullFor({ wanted }: RrSet, cached: number, going: number): boolean {
    if (cached - going >= this.#limits.cached) return true
    return !wanted && this.#unasked.size - going >= this.#limits.cachedUnasked
  }
}
