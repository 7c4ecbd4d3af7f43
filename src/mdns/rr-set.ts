// Owns the cached records of one name and type, in the order in which they were first heard.
// Does not own when they run out or are asked for again: the cache does.
import { rdataKey } from '../wire/rdata.ts'
import { CLASS_IN, type Name, type Rr } from '../wire/types.ts'
import { About } from './by-question.ts'
import { allOf, type Few, sizeOf, withOne, withoutOne } from './few.ts'
import type { Doom, Lifetime, Moment } from './lifetime.ts'
import type { Waiting } from './schedule.ts'

export interface CacheEntry extends Lifetime, Waiting {
  readonly set: RrSet
  rr: Rr
  heard: Moment
  doom: Doom | undefined
  /** How often it was asked for since it was received. */
  rung: number
}

/** Sets up to this size are searched from end to end, which is faster and smaller than an index. */
const UNINDEXED = 8

export class RrSet extends About<RrSet> {
  /** Whether a standing question asks for this set. */
  wanted = false
  /** When a cache-flush record last aged the older members. */
  flushed: Moment | undefined = undefined
  #few: Few<CacheEntry>
  #many: Map<string, CacheEntry> | undefined = undefined

  get size(): number {
    return this.#many?.size ?? sizeOf(this.#few)
  }

  [Symbol.iterator](): Iterator<CacheEntry> {
    return this.#many?.values() ?? allOf(this.#few)[Symbol.iterator]()
  }

  find(rr: Rr): CacheEntry | undefined {
    const rdata = rdataKey(rr)
    if (this.#many) return this.#many.get(rdata)
    return allOf(this.#few).find((entry) => rdataKey(entry.rr) === rdata)
  }

  /** The PTR record to this target, if it is here. */
  pointingTo(target: Name): readonly CacheEntry[] {
    const entry = this.find({ type: 'PTR', name: this.name, class: CLASS_IN, flush: false, ttl: 0, target })
    return entry ? [entry] : []
  }

  add(entry: CacheEntry): void {
    if (this.#many) {
      this.#many.set(rdataKey(entry.rr), entry)
      return
    }
    this.#few = withOne(this.#few, entry)
    if (sizeOf(this.#few) <= UNINDEXED) return
    this.#many = new Map(allOf(this.#few).map((each) => [rdataKey(each.rr), each]))
    this.#few = undefined
  }

  remove(entry: CacheEntry): void {
    if (this.#many) this.#many.delete(rdataKey(entry.rr))
    else this.#few = withoutOne(this.#few, entry)
  }
}
