// Owns which of our records other programs hold as well: a second process on this machine has the same host name.
// Does not own our records (zone.ts), nor what is said about them.
import type { Rr } from '../wire/types.ts'
import { SECOND } from './cadence.ts'
import { rrKey } from './rr.ts'
import type { Instant } from './types.ts'

/** Entries beyond which those that have run out are dropped; there is one per record of ours at the most. */
const SWEEP_ABOVE = 1_024

export class CoHolders {
  readonly #until = new Map<string, Instant>()

  /** Another holder announced, or proposed, a record that is ours too; with TTL 0 it took its leave. */
  heard(rr: Rr, now: Instant): void {
    if (this.#until.size > SWEEP_ABOVE) {
      for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key)
    }
    if (rr.ttl === 0) this.#until.delete(rrKey(rr))
    else this.#until.set(rrKey(rr), now + rr.ttl * SECOND)
  }

  /** Whether the record outlives us: its life after we last heard it from somebody else is not over. */
  hold(rr: Rr, now: Instant): boolean {
    return (this.#until.get(rrKey(rr)) ?? Number.NEGATIVE_INFINITY) > now
  }
}
