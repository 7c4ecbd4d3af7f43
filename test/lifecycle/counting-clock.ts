// Owns a clock that knows how many of its timers wait, for tests that nothing is left behind.
// Does not own the time, which is another clock's.
import type { Cancel, Clock } from '../../src/host/ports.ts'

export class CountingClock implements Clock {
  readonly #clock: Clock
  #waiting = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get waiting(): number {
    return this.#waiting
  }

  now(): number {
    return this.#clock.now()
  }

  at(when: number, run: () => void): Cancel {
    let isWaiting = true
    const over = () => {
      if (isWaiting) this.#waiting -= 1
      isWaiting = false
    }
    this.#waiting += 1
    const cancel = this.#clock.at(when, () => {
      over()
      run()
    })
    return () => {
      over()
      cancel()
    }
  }
}
