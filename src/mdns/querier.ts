// Owns the standing questions of one link: when each is asked next, and whether another host's asking will do.
// Does not own the answers: the link tells it what the cache knows.
import type { Question } from '../wire/types.ts'
import { CLASS_IN } from '../wire/types.ts'
import { Bucket } from './bucket.ts'
import { DUPLICATE_WINDOW, nextQueryInterval, QUERY_MAX, QUERY_MIN, SECOND, SharedWait } from './cadence.ts'
import type { Limits } from './limits.ts'
import { setKey } from './rr.ts'
import { Schedule } from './schedule.ts'
import type { Instant, Interest, Random } from './types.ts'

/** Two questions for the same thing are at least this far apart, whatever asks for them. */
const ASK_GAP = 400
/** Milliseconds that questions wait for which the link has no allowance left, so that they share a datagram. */
const LATER = 200

/** Milliseconds between two questions. */
const SLOW = 4 * SECOND

interface Standing {
  readonly interest: Interest
  /** False for a question that is asked once, on behalf of no standing interest. */
  readonly kept: boolean
  /** The gap before the question that is next, 0 for the first; Infinity while no series is running. */
  interval: number
  lastAt: Instant
  /** The last round was left to another host. */
  skipped: boolean
  /** The next question wants unicast answers. */
  unicast: boolean
}

function newStanding(interest: Interest, how: { readonly kept: boolean; unicast: boolean }): Standing {
  return { interest, ...how, interval: 0, lastAt: Number.NEGATIVE_INFINITY, skipped: false }
}

/** The quick questions at the start of a series may all be left to others, of the slow ones no two in a row. */
function maySkip({ skipped, interval }: Standing): boolean {
  return !skipped || interval < SLOW
}

function longestUnasked(a: Standing, b: Standing): number {
  return Number(a.lastAt > b.lastAt) - Number(a.lastAt < b.lastAt)
}

export class Querier {
  readonly #standing = new Map<string, Standing>()
  readonly #schedule = new Schedule<Standing>()
  readonly #firstWait: SharedWait
  readonly #bucket: Bucket
  /** Questions beyond the allowance of the link wait for this instant. */
  #resumeAt: Instant = Number.NEGATIVE_INFINITY
  /** When the link last asked anything. */
  #lastAt: Instant = Number.NEGATIVE_INFINITY

  constructor(random: Random, limits: Limits) {
    this.#firstWait = new SharedWait(random, QUERY_MIN, QUERY_MAX)
    this.#bucket = new Bucket(limits.questionsPerSecond, limits.questionBurst)
  }

  get wakeAt(): Instant {
    return this.#schedule.wakeAt
  }

  /** Begins a standing question; `answered` if the cache has all there is, `unicast` if the link just came up. */
  ask(interest: Interest, now: Instant, { answered = false, unicast = false } = {}): void {
    this.forget(interest)
    const standing = newStanding(interest, { kept: true, unicast })
    this.#standing.set(setKey(interest.name, interest.type), standing)
    if (!answered) this.#start(standing, now)
  }

  forget(interest: Interest): void {
    const key = setKey(interest.name, interest.type)
    const standing = this.#standing.get(key)
    if (standing === undefined) return
    this.#standing.delete(key)
    this.#schedule.delete(standing)
  }

  /** A unique answer ends the series, RFC 6762 §5.2. */
  answered(key: string): void {
    const standing = this.#standing.get(key)
    if (standing) this.#schedule.delete(standing)
  }

  /** What answered the question is gone: a new series, a second or more after it was last asked. */
  restart(key: string, now: Instant): void {
    const standing = this.#standing.get(key)
    if (standing) this.#start(standing, now)
  }

  /** Answers may be there that were not a moment ago: a new series for every question that still has one. */
  restartAll(now: Instant): void {
    for (const [key, standing] of this.#standing) if (standing.kept && !this.isIdle(key)) this.#start(standing, now)
  }

  /** Whether a standing question waits for nothing but its answer to run out. */
  isIdle(key: string): boolean {
    const standing = this.#standing.get(key)
    return standing !== undefined && this.#schedule.at(standing) === Number.POSITIVE_INFINITY
  }

  /** Whether the question is so near that another host's may stand in for it. */
  isNear(key: string, now: Instant): boolean {
    const standing = this.#standing.get(key)
    return standing !== undefined && maySkip(standing) && this.#schedule.at(standing) - now <= DUPLICATE_WINDOW
  }

  /** A known record is about to run out: ask once, outside of the series. */
  refresh(interest: Interest, now: Instant): void {
    const key = setKey(interest.name, interest.type)
    let standing = this.#standing.get(key)
    if (standing === undefined) {
      standing = newStanding(interest, { kept: false, unicast: false })
      this.#standing.set(key, standing)
    }
    const isNext = this.#schedule.at(standing) <= Math.max(now, this.#resumeAt)
    if (isNext || now - standing.lastAt < ASK_GAP) return
    if (this.#schedule.at(standing) === Number.POSITIVE_INFINITY) standing.interval = Number.POSITIVE_INFINITY
    this.#schedule.set(standing, now)
  }

  /**
   * Another host asked the same: its question stands in for ours if ours is near. Our next one waits a little longer
   * than that host's, which may then stand in for it, too.
   */
  heard(key: string, now: Instant): void {
    const standing = this.#standing.get(key)
    if (standing === undefined || !this.isNear(key, now)) return
    this.#advance(standing, now)
    this.#schedule.set(standing, this.#firstWait.join(this.#schedule.at(standing)))
    standing.skipped = true
  }

  /** The questions whose time has come, longest unasked first, at most as many as the link may send now. */
  due(now: Instant): readonly Question[] {
    const questions: Question[] = []
    for (const standing of this.#schedule.due(now).sort(longestUnasked)) {
      if (now < this.#resumeAt || !this.#bucket.take(now)) {
        this.#defer(standing, now)
        continue
      }
      const { interest, unicast } = standing
      questions.push({ name: interest.name, type: interest.type, class: CLASS_IN, unicast })
      this.#advance(standing, now)
      this.#lastAt = now
      standing.skipped = false
      if (!standing.kept) this.forget(interest)
    }
    return questions
  }

  /** A datagram did not leave: what was asked just now is asked again in a second, as if it never was. */
  unsent(now: Instant): void {
    if (now - this.#lastAt > SECOND) return
    for (const [key, standing] of this.#standing) {
      if (standing.lastAt !== this.#lastAt || this.isIdle(key)) continue
      standing.lastAt = Number.NEGATIVE_INFINITY
      standing.interval = standing.interval <= SECOND ? 0 : standing.interval / 2
      this.#schedule.set(standing, now + SECOND)
    }
    this.#lastAt = Number.NEGATIVE_INFINITY
  }

  #defer(standing: Standing, now: Instant): void {
    if (now >= this.#resumeAt) this.#resumeAt = now + LATER
    this.#schedule.set(standing, this.#resumeAt)
  }

  #start(standing: Standing, now: Instant): void {
    standing.interval = 0
    this.#schedule.set(standing, Math.max(this.#firstWait.join(now), standing.lastAt + SECOND))
  }

  #advance(standing: Standing, now: Instant): void {
    standing.unicast = false
    standing.lastAt = now
    standing.interval = nextQueryInterval(standing.interval)
    this.#schedule.set(standing, now + standing.interval)
  }
}
