// Owns a set of keys that each wait for an instant: a binary heap, with entries that were replaced dropped lazily.
// Does not own a timer: the shell arms one for the earliest `wakeAt` of all.
import type { Instant } from './types.ts'

interface Entry<K> {
  readonly key: K
  readonly at: Instant
  /** Breaks ties by insertion, so that the same inputs give the same order. */
  readonly order: number
}

/** So few entries are not worth the trimming. */
const FEW = 64

const earlier = <K>(a: Entry<K>, b: Entry<K>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

export class Schedule<K> {
  readonly #current = new Map<K, Entry<K>>()
  #heap: Entry<K>[] = []
  #order = 0

  get size(): number {
    return this.#current.size
  }

  /** Entries held, replaced ones included: never more than twice the keys, beyond a small constant. */
  get held(): number {
    return this.#heap.length
  }

  get wakeAt(): Instant {
    this.#dropReplaced()
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }

  at(key: K): Instant {
    return this.#current.get(key)?.at ?? Number.POSITIVE_INFINITY
  }

  /** Replaces the key's instant; Infinity removes it. */
  set(key: K, at: Instant): void {
    if (at === Number.POSITIVE_INFINITY) {
      this.delete(key)
      return
    }
    const entry = { key, at, order: this.#order++ }
    this.#current.set(key, entry)
    this.#push(entry)
    this.#trim()
  }

  delete(key: K): void {
    this.#current.delete(key)
    this.#trim()
  }

  /** Removes and returns the keys whose instant has come, earliest first. */
  due(now: Instant): K[] {
    const keys: K[] = []
    for (;;) {
      this.#dropReplaced()
      const first = this.#heap[0]
      if (first === undefined || first.at > now) break
      this.#pop()
      this.#current.delete(first.key)
      keys.push(first.key)
    }
    this.#trim()
    return keys
  }

  #dropReplaced(): void {
    for (let first = this.#heap[0]; first && this.#current.get(first.key) !== first; first = this.#heap[0]) this.#pop()
  }

  /** Rebuilds the heap without what was replaced, once that is more than half of it. */
  #trim(): void {
    if (this.#heap.length <= FEW || this.#heap.length <= 2 * this.#current.size) return
    this.#heap = [...this.#current.values()].sort((a, b) => (earlier(a, b) ? -1 : 1))
  }

  #push(entry: Entry<K>): void {
    const heap = this.#heap
    let i = heap.length
    heap.push(entry)
    while (i > 0) {
      const parentIndex = (i - 1) >> 1
      const parent = heap[parentIndex]
      if (parent === undefined || !earlier(entry, parent)) break
      heap[i] = parent
      i = parentIndex
    }
    heap[i] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      const left = heap[child]
      if (left === undefined) break
      const right = heap[child + 1]
      let smaller = left
      if (right !== undefined && earlier(right, left)) {
        smaller = right
        child++
      }
      if (!earlier(smaller, last)) break
      heap[i] = smaller
      i = child
    }
    heap[i] = last
  }
}
