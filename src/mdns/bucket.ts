// Owns a token bucket: so many at once, so many per second after that.
// Does not own what is spent nor what happens to those who come too late.
import { SECOND } from './cadence.ts'
import type { Instant } from './types.ts'

export class Bucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #at: Instant = Number.NEGATIVE_INFINITY

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
  }

  /** Takes one token if there is one. */
  take(now: Instant): boolean {
    if (this.#at < now) {
      if (this.#at !== Number.NEGATIVE_INFINITY) {
        const gained = ((now - this.#at) * this.#perSecond) / SECOND
        this.#tokens = Math.min(this.#burst, this.#tokens + gained)
      }
      this.#at = now
    }
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
