// Owns how often each standing question is asked for by the programs above, so that it is asked once on the link.
// Does not own when it is asked (querier.ts).
import { About, ByQuestion } from './by-question.ts'
import type { Interest } from './types.ts'

class Counted extends About<Counted> {
  count = 1
}

export class Interests {
  readonly #limit: number
  readonly #counted = new ByQuestion<Counted>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#counted.size
  }

  /** Whether the interest is new, and is to be asked; not when there are too many. */
  add(interest: Interest): boolean {
    const known = this.#counted.get(interest.name, interest.type)
    if (known) known.count++
    if (known || this.#counted.size >= this.#limit) return false
    this.#counted.add(new Counted(interest.name, interest.type))
    return true
  }

  /** Whether nobody asks for it any longer. */
  remove(interest: Interest): boolean {
    const known = this.#counted.get(interest.name, interest.type)
    return known !== undefined && --known.count === 0 && this.#counted.delete(known)
  }

  [Symbol.iterator](): Iterator<Interest> {
    return this.#counted[Symbol.iterator]()
  }
}
