// Owns virtual time: a heap of what is to happen, and the one place where `now` moves.
// Does not own anything that happens; it does not sleep, and knows no real time.
import type { Cancel, Clock } from '../host/ports.ts'
import type { Instant } from '../mdns/types.ts'

interface Timer {
  readonly when: Instant
  /** Timers of the same instant run in the order in which they were set. */
  readonly order: number
  readonly run: () => void
  /** Where it is in the heap; -1 once it has run or was cancelled. */
  index: number
}

/** So many timers at one instant are no simulation but a timer that keeps setting itself. */
const MOST_AT_ONE_INSTANT = 1_000_000

export class VirtualClock implements Clock {
  readonly #heap: Timer[] = []
  #now: Instant = 0
  #order = 0
  #atThisInstant = 0

  now(): Instant {
    return this.#now
  }

  /** An instant that has passed means now. */
  at(when: Instant, run: () => void): Cancel {
    const timer: Timer = { when: Math.max(when, this.#now), order: this.#order++, run, index: this.#heap.length }
    this.#heap.push(timer)
    this.#up(timer)
    return () => this.#remove(timer)
  }

  /** When the next timer is due; Infinity if there is none. */
  get next(): Instant {
    return this.#heap[0]?.when ?? Number.POSITIVE_INFINITY
  }

  /** Moves on to the next timer and runs it, unless that is after `limit`; false if so. */
  step(limit: Instant = Number.POSITIVE_INFINITY): boolean {
    const timer = this.#heap[0]
    if (timer === undefined || timer.when > limit) return false
    this.#atThisInstant = timer.when === this.#now ? this.#atThisInstant + 1 : 0
    if (this.#atThisInstant > MOST_AT_ONE_INSTANT) throw new Error(`time stands still at ${this.#now} ms`)
    this.#remove(timer)
    this.#now = timer.when
    timer.run()
    return true
  }

  /** Runs everything up to and including `until`, which is then now. */
  runTo(until: Instant): void {
    while (this.step(until)) {
      // Each step may set timers that are due before `until` as well.
    }
    this.#now = Math.max(this.#now, until)
  }

  #remove(timer: Timer): void {
    const hole = timer.index
    if (hole < 0) return
    timer.index = -1
    const last = this.#heap.pop()
    if (last === undefined || last === timer) return
    this.#place(last, hole)
    this.#up(last)
    this.#down(last)
  }

  #place(timer: Timer, index: number): void {
    this.#heap[index] = timer
    timer.index = index
  }

  #up(timer: Timer): void {
    while (timer.index > 0) {
      const parent = this.#heap[(timer.index - 1) >> 1]
      if (parent === undefined || isBefore(parent, timer)) return
      this.#swap(parent, timer)
    }
  }

  #down(timer: Timer): void {
    for (;;) {
      const left = this.#heap[2 * timer.index + 1]
      const right = this.#heap[2 * timer.index + 2]
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || isBefore(timer, child)) return
      this.#swap(timer, child)
    }
  }

  #swap(a: Timer, b: Timer): void {
    const index = a.index
    this.#place(a, b.index)
    this.#place(b, index)
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.when < b.when || (a.when === b.when && a.order < b.order)
}
