// Owns how often this host's names were contested lately, on all links together, so that it does not insist.
// Does not own what a conflict costs the claim (publisher.ts).
import { CONFLICT_PATIENCE, CONFLICT_SPELL, CONFLICT_WAIT, CONFLICTS_TOLERATED, HOPELESS_WAIT } from './cadence.ts'
import type { Instant } from './types.ts'

/** Conflicts of one publication without a quiet spell between them. */
interface Contest {
  readonly since: Instant
  readonly lastAt: Instant
}

export class Conflicts {
  #count = 0
  #lastAt = Number.NEGATIVE_INFINITY
  /** One for each of our own publications, at the most. */
  readonly #contests = new Map<string, Contest>()

  add(id: string, now: Instant): void {
    this.#count = this.#isQuiet(now) ? 1 : this.#count + 1
    this.#lastAt = now
    const contest = this.#contests.get(id)
    const isOver = contest === undefined || isPast(contest, now)
    this.#contests.set(id, { since: isOver ? now : contest.since, lastAt: now })
  }

  /**
   * How long the next attempt has to wait, in milliseconds: five seconds when conflicts are many, RFC 6762 §8.1, and a
   * minute for a publication that was denied everything for two. 0 while they are few.
   */
  waitAt(id: string, now: Instant): number {
    const contest = this.#contests.get(id)
    if (contest && isHopeless(contest) && !isPast(contest, now)) return HOPELESS_WAIT
    return this.#count < CONFLICTS_TOLERATED || this.#isQuiet(now) ? 0 : CONFLICT_WAIT
  }

  forget(id: string): void {
    this.#contests.delete(id)
  }

  #isQuiet(now: Instant): boolean {
    return now - this.#lastAt > CONFLICT_SPELL
  }
}

function isHopeless({ since, lastAt }: Contest): boolean {
  return lastAt - since >= CONFLICT_PATIENCE
}

/** An attempt that waits for its time is no quiet spell. */
function isPast(contest: Contest, now: Instant): boolean {
  const spell = isHopeless(contest) ? HOPELESS_WAIT + CONFLICT_SPELL : CONFLICT_SPELL
  return now - contest.lastAt > spell
}
