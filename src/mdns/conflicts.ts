// Owns how many names this host has lately been contested for, on all links together, so that it does not insist.
// Does not own what a conflict costs the claim (publisher.ts).
import { CONFLICT_SPELL, CONFLICTS_TOLERATED } from './cadence.ts'
import type { Instant } from './types.ts'

export class Conflicts {
  #count = 0
  #lastAt = Number.NEGATIVE_INFINITY

  add(now: Instant): void {
    this.#count = this.#isQuiet(now) ? 1 : this.#count + 1
    this.#lastAt = now
  }

  /** Whether so many came without a quiet spell that each further attempt has to wait, RFC 6762 §8.1. */
  areMany(now: Instant): boolean {
    return this.#count >= CONFLICTS_TOLERATED && !this.#isQuiet(now)
  }

  #isQuiet(now: Instant): boolean {
    return now - this.#lastAt > CONFLICT_SPELL
  }
}
