// Owns the silence that meets other hosts when they ask for what the cache holds: which records it speaks against.
// Does not own which questions count (discovery.ts) nor what becomes of such a record (cache.ts).
import type { Rr } from '../wire/types.ts'
import { MULTICAST_GAP, PASSIVE_WINDOW } from './cadence.ts'
import type { CacheEntry, RrSet } from './rr-set.ts'
import type { Instant } from './types.ts'

/** Questions so soon after one another may share one answer, so they are counted once; that also bounds the work. */
const QUESTION_GAP = 1_000

export class Failures {
  readonly #askedAt = new WeakMap<RrSet, Instant>()
  /** The question that is still to be answered with the record. */
  readonly #missedAt = new WeakMap<CacheEntry, Instant>()

  /**
   * Another host asked for the set, and these answers it knows. Returns what should have been the answer to this and
   * to an earlier question, and has not been seen since that one, RFC 6762 §10.5.
   */
  asked(set: RrSet, known: () => readonly Rr[], now: Instant): readonly CacheEntry[] {
    if (now - (this.#askedAt.get(set) ?? Number.NEGATIVE_INFINITY) < QUESTION_GAP) return []
    this.#askedAt.set(set, now)
    const listed = new Set(known().map((rr) => set.find(rr)))
    return [...set].filter((entry) => !listed.has(entry) && this.#isMissedAgain(entry, now))
  }

  #isMissedAgain(entry: CacheEntry, now: Instant): boolean {
    // Its owner may not have leave to multicast it again already.
    if (now - entry.heard.at < MULTICAST_GAP) return false
    const missedAt = this.#missedAt.get(entry) ?? Number.NEGATIVE_INFINITY
    if (missedAt > entry.heard.at && now - missedAt <= PASSIVE_WINDOW) return true
    this.#missedAt.set(entry, now)
    return false
  }
}
