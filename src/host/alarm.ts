// Owns a timer that is set again and again, for whatever is due next: the engine, or the first of many timers.
// Does not own what happens then (host.ts, steady-clock.ts) nor how time passes (net/clock.ts, sim/clock.ts).
import type { Instant } from '../mdns/types.ts'
import type { Cancel, Clock } from './ports.ts'

/** The longest delay that Node's timers know; one that is longer would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1

/** Rings once per `set`, never before its instant; there is never more than one timer behind it. */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #when: Instant = Number.POSITIVE_INFINITY
  #cancel: Cancel | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Infinity switches it off. */
  set(when: Instant): void {
    if (when === this.#when) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#when = when
    if (when !== Number.POSITIVE_INFINITY) this.#arm()
  }

  #arm(): void {
    const soonEnough = Math.min(this.#when, this.#clock.now() + LONGEST_DELAY)
    this.#cancel = this.#clock.at(soonEnough, () => this.#wake())
  }

  #wake(): void {
    if (this.#clock.now() < this.#when) {
      this.#arm()
      return
    }
    this.#cancel = undefined
    this.#when = Number.POSITIVE_INFINITY
    this.#ring()
  }
}
