// Owns a clock for tests of stalls: real time as a process sees it whose event loop may be stuck.
// Does not own what stands still then (src/host/steady-clock.ts).
import type { Cancel, Clock } from '../../src/host/ports.ts'

interface Timer {
  readonly when: number
  readonly run: () => void
}

export class StuckClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  constructor(now = 0) {
    this.#now = now
  }

  /** How many timers are armed. */
  get waiting(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  at(when: number, run: () => void): Cancel {
    const timer = { when, run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Time passes, and no timer runs. */
  stall(ms: number): void {
    this.#now += ms
  }

  /** The timers phase of the event loop: what is due runs, one after the other. */
  turn(): void {
    for (const timer of [...this.#timers].sort((a, b) => a.when - b.when)) {
      if (timer.when > this.#now || !this.#timers.delete(timer)) continue
      timer.run()
    }
  }

  /** Time passes, and every timer runs in time. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = Math.min(...[...this.#timers].map(({ when }) => when))
      if (next > end) break
      this.#now = Math.max(this.#now, next)
      this.turn()
    }
    this.#now = end
  }
}
