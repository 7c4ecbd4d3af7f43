// Owns which name each claim is at: 0 for the wanted one, more after every loss.
// Does not own the names themselves: a publication makes its records for an attempt.
import type { Instant, Random } from './types.ts'

/** So many names are tried one by one, as a person would count; a crowd that wants one name has to spread out. */
const COUNTED = 4
/** Losses that go on for so long are worth a word to whoever runs the program. */
const STRUGGLE = 60_000
/** Names that a loser may skip at the most. */
const MAX_SKIP = 1_024

interface Attempt {
  readonly number: number
  /** Losses since the claim last stood. */
  readonly losses: number
  /** When the first of them came. */
  readonly since: Instant
  readonly told: boolean
}

const FIRST: Attempt = { number: 0, losses: 0, since: 0, told: false }

export class Attempts {
  readonly #random: Random
  readonly #attempts = new Map<string, Attempt>()

  constructor(random: Random) {
    this.#random = random
  }

  of(id: string): number {
    return (this.#attempts.get(id) ?? FIRST).number
  }

  /**
   * Moves on after a loss, RFC 6762 §9. A hundred hosts that all count would meet at each number; from the fifth loss
   * on each skips a random number of names, twice as many with every further one.
   */
  next(id: string, now: Instant): number {
    const { number, losses, since, told } = this.#attempts.get(id) ?? FIRST
    const room = losses < COUNTED ? 0 : Math.min(2 ** (losses - COUNTED + 2), MAX_SKIP)
    const next = number + 1 + (room === 0 ? 0 : Math.floor(this.#random() * room))
    this.#attempts.set(id, { number: next, losses: losses + 1, since: losses === 0 ? now : since, told })
    return next
  }

  /** Whether a claim has found no free name for a minute, RFC 6762 §9; said once, until it stands. */
  struggles(id: string, now: Instant): boolean {
    const attempt = this.#attempts.get(id)
    if (attempt === undefined || attempt.told || now - attempt.since < STRUGGLE) return false
    this.#attempts.set(id, { ...attempt, told: true })
    return true
  }

  /** The claim stands: its name stays, and the next loss is the first again. */
  settled(id: string): void {
    const attempt = this.#attempts.get(id)
    if (attempt) this.#attempts.set(id, { ...attempt, losses: 0, told: false })
  }

  delete(id: string): void {
    this.#attempts.delete(id)
  }
}
