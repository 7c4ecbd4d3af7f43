// Owns other hosts' questions until the last of their known answers is here: only then can one stand in for ours.
// Does not own our questions (querier.ts), nor what is answered to others (truncated.ts).
import type { Rr } from '../wire/types.ts'
import { SECOND } from './cadence.ts'
import type { Instant, Interest } from './types.ts'

/** The datagrams of one query leave together; what comes later belongs to none that is waited for. */
const PATIENCE = SECOND

interface Unfinished {
  readonly questions: readonly Interest[]
  readonly until: Instant
}

export interface Part {
  /** The address of who asks. */
  readonly from: string
  /** Whether it has no question at all, and so goes on with what its host asked last, RFC 6762 §7.2. */
  readonly goesOn: boolean
  /** Those of its questions that may stand in for ours. */
  readonly questions: readonly Interest[]
  /** Its known answers to a question. */
  known(question: Interest): readonly Rr[]
  /** Whether more known answers follow. */
  readonly truncated: boolean
}

export class Overheard {
  readonly #limit: number
  /** Oldest first. */
  readonly #unfinished = new Map<string, Unfinished>()

  /** `limit`: hosts that are waited for. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#unfinished.size
  }

  /**
   * The questions that are whole with this part and listed no answer but those that `isKnown` to us as well,
   * RFC 6762 §7.3.
   */
  take(part: Part, isKnown: (rr: Rr) => boolean, now: Instant): readonly Interest[] {
    const { from, goesOn, truncated } = part
    const before = this.#unfinished.get(from)
    this.#unfinished.delete(from)
    const waiting = before !== undefined && now <= before.until ? before.questions : []
    const questions = (goesOn ? waiting : part.questions).filter((each) => part.known(each).every(isKnown))
    if (!truncated) return questions
    if (questions.length > 0) this.#wait(from, questions, now)
    return []
  }

  #wait(from: string, questions: readonly Interest[], now: Instant): void {
    const [oldest] = this.#unfinished.keys()
    if (oldest !== undefined && this.#unfinished.size >= this.#limit) this.#unfinished.delete(oldest)
    this.#unfinished.set(from, { questions, until: now + PATIENCE })
  }
}
