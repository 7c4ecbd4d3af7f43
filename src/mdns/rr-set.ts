// Owns the cached records of one name and type, in the order in which they were first heard.
// Does not own when they run out or are asked for again: the cache does.
import { rdataKey } from '../wire/rdata.ts'
import { CLASS_IN, type Name, type Rr } from '../wire/types.ts'
import type { Instant, Interest, RemovalReason } from './types.ts'

export interface CacheEntry {
  readonly set: RrSet
  rr: Rr
  /** When it was last received. */
  at: Instant
  /** When it runs out. */
  until: Instant
  /** Milliseconds of life that its TTL gave it. */
  life: number
  /** Why it will be removed before its time. */
  doom: RemovalReason | undefined
  /** How often it was asked for since it was received. */
  rung: number
  /** Its share of the random delay of refreshes, in [0, 1). */
  jitter: number
}

/** Sets up to this size are searched from end to end, which is faster and smaller than an index. */
const UNINDEXED = 8

export class RrSet {
  readonly key: string
  readonly interest: Interest
  /** Whether a standing question asks for this set. */
  wanted = false
  /** When a cache-flush record last aged the older members. */
  flushedAt: Instant = Number.NEGATIVE_INFINITY
  entries: CacheEntry[] = []
  #index: Map<string, CacheEntry> | undefined

  constructor(key: string, interest: Interest) {
    this.key = key
    this.interest = interest
  }

  find(rr: Rr): CacheEntry | undefined {
    const rdata = rdataKey(rr)
    if (this.#index) return this.#index.get(rdata)
    return this.entries.find((entry) => rdataKey(entry.rr) === rdata)
  }

  /** The PTR record to this target, if it is here. */
  pointingTo(target: Name): readonly CacheEntry[] {
    const entry = this.find({ type: 'PTR', name: this.interest.name, class: CLASS_IN, flush: false, ttl: 0, target })
    return entry ? [entry] : []
  }

  add(entry: CacheEntry): void {
    this.entries.push(entry)
    if (this.#index) this.#index.set(rdataKey(entry.rr), entry)
    else if (this.entries.length > UNINDEXED) {
      this.#index = new Map(this.entries.map((each) => [rdataKey(each.rr), each]))
    }
  }

  remove(entry: CacheEntry): void {
    this.entries.splice(this.entries.indexOf(entry), 1)
    this.#index?.delete(rdataKey(entry.rr))
  }
}
