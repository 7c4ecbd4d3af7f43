// Owns the count of datagrams that are on their way, and the wait until none is.
// Does not own the datagrams.
import type { Clock } from '../host/ports.ts'

const WAIT_AT_MOST = 500

export class InFlight {
  readonly #clock: Clock
  #count = 0
  #landed: () => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  leave(): void {
    this.#count += 1
  }

  land(): void {
    this.#count -= 1
    if (this.#count === 0) this.#landed()
  }

  /** Resolves when all have landed, or when it takes too long. */
  allLanded(): Promise<void> {
    if (this.#count === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const giveUp = this.#clock.at(this.#clock.now() + WAIT_AT_MOST, resolve)
      this.#landed = () => {
        giveUp()
        resolve()
      }
    })
  }
}
