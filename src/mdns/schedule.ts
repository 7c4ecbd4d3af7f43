// Owns a set of things that each wait for an instant: a binary heap, in which each of them knows its place.
// Does not own a timer: the shell arms one for the earliest `wakeAt` of all.
import type { Instant } from './types.ts'

/** What can wait; on one schedule at a time. */
export interface Waiting {
  /** Where it stands in the heap; `NOWHERE` while it waits for nothing. For the schedule alone to write. */
  place: number
}

export const NOWHERE = -1

/** Changing or ending a wait costs the logarithm of how many there are, and leaves nothing behind. */
export class Schedule<K extends Waiting> {
  // Three columns and no object for each row: numbers lie in them unboxed.
  readonly #keys: K[] = []
  readonly #instants: number[] = []
  /** Breaks ties by insertion, so that the same inputs give the same order. */
  readonly #orders: number[] = []
  #order = 0

  get size(): number {
    return this.#keys.length
  }

  get wakeAt(): Instant {
    return this.#instants[0] ?? Number.POSITIVE_INFINITY
  }

  at(key: K): Instant {
    return key.place === NOWHERE ? Number.POSITIVE_INFINITY : (this.#instants[key.place] ?? Number.POSITIVE_INFINITY)
  }

  /** Replaces the key's instant; Infinity removes it. */
  set(key: K, at: Instant): void {
    if (at === Number.POSITIVE_INFINITY) {
      this.delete(key)
      return
    }
    const place = key.place === NOWHERE ? this.#keys.length : key.place
    this.#settle(key, at, this.#order++, place)
  }

  delete(key: K): void {
    const { place } = key
    if (place === NOWHERE) return
    key.place = NOWHERE
    const last = this.#keys.pop()
    const at = this.#instants.pop()
    const order = this.#orders.pop()
    if (last === undefined || at === undefined || order === undefined || last === key) return
    this.#settle(last, at, order, place)
  }

  /** Removes and returns the keys whose instant has come, earliest first. */
  due(now: Instant): K[] {
    const due: K[] = []
    for (let [first] = this.#keys; first !== undefined && this.wakeAt <= now; [first] = this.#keys) {
      this.delete(first)
      due.push(first)
    }
    return due
  }

  /** Fills the gap at `place` with this row, or with those that the row has to change places with. */
  #settle(key: K, at: Instant, order: number, place: number): void {
    const up = this.#rise(at, order, place)
    this.#put(key, at, order, up === place ? this.#sink(at, order, place) : up)
  }

  #rise(at: Instant, order: number, from: number): number {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isLater(parent, at, order)) break
      this.#move(parent, place)
      place = parent
    }
    return place
  }

  #sink(at: Instant, order: number, from: number): number {
    const size = this.#keys.length
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= size) return place
      const right = child + 1
      if (right < size && this.#isLater(child, this.#instants[right] ?? 0, this.#orders[right] ?? 0)) child = right
      if (this.#isLater(child, at, order)) return place
      this.#move(child, place)
      place = child
    }
  }

  #isLater(place: number, at: Instant, order: number): boolean {
    const instant = this.#instants[place] ?? 0
    return instant > at || (instant === at && (this.#orders[place] ?? 0) > order)
  }

  #move(from: number, to: number): void {
    const key = this.#keys[from]
    if (key !== undefined) this.#put(key, this.#instants[from] ?? 0, this.#orders[from] ?? 0, to)
  }

  #put(key: K, at: Instant, order: number, place: number): void {
    this.#keys[place] = key
    this.#instants[place] = at
    this.#orders[place] = order
    key.place = place
  }
}
