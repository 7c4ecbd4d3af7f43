// Owns how many unicast replies a host may draw from us, so that we are no amplifier.
// Does not own the replies; what comes over the allowance is not answered.
import { Bucket } from './bucket.ts'
import type { Limits } from './limits.ts'
import type { Instant } from './types.ts'

export type ReplyLimits = Pick<Limits, 'repliesPerSource' | 'repliesPerSecond' | 'replySources'>

export class Allowance {
  readonly #limits: ReplyLimits
  readonly #total: Bucket
  readonly #sources = new Map<string, Bucket>()

  constructor(limits: ReplyLimits) {
    this.#limits = limits
    this.#total = new Bucket(limits.repliesPerSecond, limits.repliesPerSecond)
  }

  /** Hosts that are remembered. */
  get size(): number {
    return this.#sources.size
  }

  take(source: string, now: Instant): boolean {
    return this.#of(source).take(now) && this.#total.take(now)
  }

  /** The host that was first remembered is forgotten when there are too many; the total holds all the same. */
  #of(source: string): Bucket {
    let bucket = this.#sources.get(source)
    if (bucket === undefined) {
      const [first] = this.#sources.keys()
      if (first !== undefined && this.#sources.size >= this.#limits.replySources) this.#sources.delete(first)
      bucket = new Bucket(this.#limits.repliesPerSource, this.#limits.repliesPerSource)
      this.#sources.set(source, bucket)
    }
    return bucket
  }
}
