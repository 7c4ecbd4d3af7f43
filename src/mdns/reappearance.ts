// Owns which names fell silent on one link, and the moment at which one of them speaks again.
// Does not own what is asked then (querier.ts).
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { SECOND } from './cadence.ts'
import type { Matters } from './matters.ts'
import type { Instant } from './types.ts'

/** A name that is heard sooner was only missed for a moment. */
const ABSENCE = 5 * SECOND
/** However many come back, they are one event in this time. */
const EVENT_GAP = 30 * SECOND

/**
 * A link that was cut somewhere and is whole again looks the same from here as one that never was. But whoever was on
 * the far side fell silent without a goodbye, and speaks again: what else there is was missed as well.
 */
export class Reappearance {
  readonly #limit: number
  readonly #matters: Matters
  /** Since when each of them is silent, oldest first. */
  readonly #silent = new Map<string, Instant>()
  #lastAt: Instant = Number.NEGATIVE_INFINITY

  /** `limit`: names remembered. */
  constructor(limit: number, matters: Matters) {
    this.#limit = limit
    this.#matters = matters
  }

  get size(): number {
    return this.#silent.size
  }

  /** All that was known of a name, and wanted, has run out. */
  lost(name: Name, now: Instant): void {
    const key = foldName(name)
    this.#forget(key)
    const [oldest] = this.#silent.keys()
    if (oldest !== undefined && this.#silent.size >= this.#limit) this.#forget(oldest)
    this.#silent.set(key, now)
    this.#matters.add(key)
  }

  /** Whether it is time to ask for everything again, since a name is heard that was silent. */
  heard(name: Name, now: Instant): boolean {
    if (this.#silent.size === 0) return false
    const key = foldName(name)
    const since = this.#silent.get(key)
    if (since === undefined) return false
    this.#forget(key)
    if (now - since < ABSENCE || now - this.#lastAt < EVENT_GAP) return false
    this.#lastAt = now
    return true
  }

  #forget(key: string): void {
    if (this.#silent.delete(key)) this.#matters.delete(key)
  }
}
