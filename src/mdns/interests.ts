// Owns how often each standing question is asked for by the programs above, so that it is asked once on the link.
// Does not own when it is asked (querier.ts).
import { setKey } from './rr.ts'
import type { Interest } from './types.ts'

export class Interests {
  readonly #limit: number
  readonly #counts = new Map<string, { readonly interest: Interest; count: number }>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#counts.size
  }

  /** Whether the interest is new, and is to be asked; not when there are too many. */
  add(interest: Interest): boolean {
    const key = setKey(interest.name, interest.type)
    const known = this.#counts.get(key)
    if (known) known.count++
    else if (this.#counts.size < this.#limit) this.#counts.set(key, { interest, count: 1 })
    return known === undefined && this.#counts.has(key)
  }

  /** Whether nobody asks for it any longer. */
  remove(interest: Interest): boolean {
    const key = setKey(interest.name, interest.type)
    const known = this.#counts.get(key)
    if (known === undefined || --known.count > 0) return false
    return this.#counts.delete(key)
  }

  *[Symbol.iterator](): Iterator<Interest> {
    for (const { interest } of this.#counts.values()) yield interest
  }
}
