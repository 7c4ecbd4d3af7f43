// Owns the standing questions of one link: when each is asked next, and whether another host's asking will do.
// Does not own the answers: the link tells it what the cache knows.
import { CLASS_IN, type Name, type Question, type RrType } from '../wire/types.ts'
import { Bucket } from './bucket.ts'
import { type About, ByQuestion } from './by-question.ts'
import { DUPLICATE_WINDOW, nextQueryInterval, QUERY_MAX, QUERY_MIN, SECOND, SharedWait } from './cadence.ts'
import type { Limits } from './limits.ts'
import { NOWHERE, Schedule, type Waiting } from './schedule.ts'
import type { Instant, Interest, Random } from './types.ts'

/** Two questions for the same thing are at least this far apart, whatever asks for them. */
const ASK_GAP = 400
/** Milliseconds that questions wait for which the link has no allowance left, so that they share a datagram. */
const LATER = 200

/** A gap of so many milliseconds or more before a question makes it a slow one. */
const SLOW = 4 * SECOND

/** A question, while it is asked, and for a second after that. */
interface Standing extends About<Standing>, Waiting {
  /** The gap before the question that is next, 0 for the first; Infinity for one that is asked once and no more. */
  interval: number
  lastAt: Instant
  /** The address of the host that the last round was left to. */
  leftTo: string | undefined
  /** A known record is about to run out. */
  renews: boolean
  /** The next question wants unicast answers. */
  unicast: boolean
}

/** Another host that asks what we ask. */
export interface Asker {
  readonly address: string
  /** Whether there are more answers than a question lists in one datagram. */
  readonly many: boolean
}

/** A question whose time has come. */
export interface DueQuestion {
  readonly question: Question
  /** Whether a known record is about to run out. */
  readonly renews: boolean
}

/** Asked once, unless a series is made of it. */
function newStanding({ name, type }: Interest): Standing {
  return {
    name,
    type,
    interval: Number.POSITIVE_INFINITY,
    lastAt: Number.NEGATIVE_INFINITY,
    leftTo: undefined,
    renews: false,
    unicast: false,
    place: NOWHERE,
    sibling: undefined,
  }
}

/**
 * The quick questions at the start of a series may all be left to others, of the slow ones no two in a row. Where they
 * list many answers, no two in a row to the same host: else all hosts would list them all, each second time.
 */
function maySkip({ leftTo, interval }: Standing, { address, many }: Asker): boolean {
  return leftTo === undefined || interval < SLOW || (many && leftTo !== address)
}

function longestUnasked(a: Standing, b: Standing): number {
  return Number(a.lastAt > b.lastAt) - Number(a.lastAt < b.lastAt)
}

export class Querier {
  readonly #standing = new ByQuestion<Standing>()
  readonly #schedule = new Schedule<Standing>()
  /** Those that wait for nothing, and are remembered for when they were last asked; oldest first. */
  readonly #resting = new Set<Standing>()
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

  /** Begins a series of questions; `unicast` if the link just came up. */
  ask(interest: Interest, now: Instant, { unicast = false } = {}): void {
    this.forget(interest)
    const standing = this.#standingOf(interest, now)
    standing.unicast = unicast
    this.#start(standing, now)
  }

  forget({ name, type }: Interest): void {
    const standing = this.#standing.get(name, type)
    if (standing) this.#drop(standing)
  }

  /** A unique answer ends the series, RFC 6762 §5.2. */
  answered(name: Name, type: RrType): void {
    const standing = this.#standing.get(name, type)
    if (standing) this.#rest(standing)
  }

  /** What answered the question is gone: a new series, a second or more after it was last asked. */
  restart(interest: Interest, now: Instant): void {
    this.#start(this.#standingOf(interest, now), now)
  }

  /** Answers may be there that were not a moment ago: a new series for every question that still has one. */
  restartAll(now: Instant): void {
    for (const standing of this.#standing) if (isSeries(standing)) this.#start(standing, now)
  }

  /** Whether the question is in a series that no answer has ended. */
  isAsking({ name, type }: Interest): boolean {
    const standing = this.#standing.get(name, type)
    return standing !== undefined && isSeries(standing)
  }

  /** When it was last asked, by us or by another host on our behalf; undefined if not of late. */
  askedAt({ name, type }: Interest): Instant | undefined {
    const at = this.#standing.get(name, type)?.lastAt
    return at === Number.NEGATIVE_INFINITY ? undefined : at
  }

  /** Whether the question is so near that another host's may stand in for it. */
  isNear({ name, type }: Interest, asker: Asker, now: Instant): boolean {
    const standing = this.#standing.get(name, type)
    return standing !== undefined && maySkip(standing, asker) && this.#isSoon(standing, now)
  }

  /** A known record is about to run out: ask once, outside of the series. */
  refresh(interest: Interest, now: Instant): void {
    const standing = this.#standingOf(interest, now)
    const isNext = this.#schedule.at(standing) <= Math.max(now, this.#resumeAt)
    if (!isNext && now - standing.lastAt >= ASK_GAP) this.#schedule.set(standing, now)
    if (standing.place === NOWHERE) return
    standing.renews = true
    this.#resting.delete(standing)
  }

  /**
   * Another host asked the same: its question stands in for ours if ours is near. Our next one waits a little longer
   * than that host's, which may then stand in for it, too.
   */
  heard({ name, type }: Interest, { address }: Asker, now: Instant): void {
    const standing = this.#standing.get(name, type)
    if (standing === undefined || !this.#isSoon(standing, now)) return
    this.#advance(standing, now)
    standing.leftTo = address
    if (isSeries(standing)) this.#schedule.set(standing, this.#firstWait.join(this.#schedule.at(standing)))
  }

  /** The questions whose time has come, longest unasked first, at most as many as the link may send now. */
  due(now: Instant): readonly DueQuestion[] {
    this.#tidy(now)
    const due: DueQuestion[] = []
    for (const standing of this.#schedule.due(now).sort(longestUnasked)) {
      if (now < this.#resumeAt || !this.#bucket.take(now)) {
        this.#defer(standing, now)
        continue
      }
      const { name, type, unicast, renews } = standing
      due.push({ question: { name, type, class: CLASS_IN, unicast }, renews })
      this.#advance(standing, now)
      this.#lastAt = now
      standing.leftTo = undefined
    }
    return due
  }

  /** A datagram did not leave: what was asked just now is asked again in a second, as if it never was. */
  unsent(now: Instant): void {
    if (now - this.#lastAt > SECOND) return
    for (const standing of this.#standing) {
      if (standing.lastAt !== this.#lastAt || !isSeries(standing)) continue
      standing.lastAt = Number.NEGATIVE_INFINITY
      standing.interval = standing.interval <= SECOND ? 0 : standing.interval / 2
      this.#schedule.set(standing, now + SECOND)
    }
    this.#lastAt = Number.NEGATIVE_INFINITY
  }

  #standingOf(interest: Interest, now: Instant): Standing {
    this.#tidy(now)
    let standing = this.#standing.get(interest.name, interest.type)
    if (standing === undefined) {
      standing = newStanding(interest)
      this.#standing.add(standing)
    }
    return standing
  }

  #defer(standing: Standing, now: Instant): void {
    if (now >= this.#resumeAt) this.#resumeAt = now + LATER
    this.#schedule.set(standing, this.#resumeAt)
  }

  #start(standing: Standing, now: Instant): void {
    standing.interval = 0
    this.#resting.delete(standing)
    this.#schedule.set(standing, Math.max(this.#firstWait.join(now), standing.lastAt + SECOND))
  }

  #isSoon(standing: Standing, now: Instant): boolean {
    return this.#schedule.at(standing) - now <= DUPLICATE_WINDOW
  }

  #advance(standing: Standing, now: Instant): void {
    standing.unicast = false
    standing.renews = false
    standing.lastAt = now
    standing.interval = nextQueryInterval(standing.interval)
    if (isSeries(standing)) this.#schedule.set(standing, now + standing.interval)
    else this.#rest(standing)
  }

  #rest(standing: Standing): void {
    standing.interval = Number.POSITIVE_INFINITY
    this.#schedule.delete(standing)
    if (standing.lastAt === Number.NEGATIVE_INFINITY) this.#drop(standing)
    else this.#resting.add(standing)
  }

  #drop(standing: Standing): void {
    this.#schedule.delete(standing)
    this.#resting.delete(standing)
    this.#standing.delete(standing)
  }

  /** Most of what a host asks for has its answer, and is not asked for hours: nothing of it is kept here. */
  #tidy(now: Instant): void {
    for (const standing of this.#resting) {
      if (now - standing.lastAt < SECOND) return
      this.#drop(standing)
    }
  }
}

function isSeries({ interval }: Standing): boolean {
  return interval !== Number.POSITIVE_INFINITY
}
