// Owns the rhythms of the protocol: how long each thing waits, as numbers and pure functions of chance.
// Does not own what happens then, nor the instants that are waited for (schedule.ts).
import type { Instant, Random } from './types.ts'

export const SECOND = 1_000
const HOUR = 3_600 * SECOND

/** RFC 6762 §8.1: three probes, 250 ms apart, the first after a random wait of up to 250 ms. */
export const PROBES = 3
export const PROBE_GAP = 250
export const PROBE_WAIT = 250
/** RFC 6762 §8.2: the loser of a tie-break waits so long before it probes for the same name again. */
export const DEFERRAL = SECOND
/** RFC 6762 §8.1: after so many conflicts without a quiet spell, each further attempt waits. */
export const CONFLICTS_TOLERATED = 15
export const CONFLICT_SPELL = 10 * SECOND
export const CONFLICT_WAIT = 5 * SECOND
/** After two minutes of nothing but conflicts an attempt a minute is enough to notice that they are over. */
export const CONFLICT_PATIENCE = 120 * SECOND
export const HOPELESS_WAIT = 60 * SECOND
/** RFC 6762 §8.3: two announcements, one second apart. */
export const ANNOUNCEMENTS = 2
export const ANNOUNCE_GAP = SECOND
/** RFC 6762 §8.4: ten updates a minute. */
export const UPDATE_CREDITS = 10
export const UPDATE_CREDIT_EVERY = 6 * SECOND
/** RFC 6762 §10.1: how long a record stays after its goodbye; a goodbye is said again while it does. */
export const GRACE = SECOND
export const FAREWELL_GAP = 125
/** RFC 6762 §6: a record is not multicast again sooner than this, or than that in defence against a probe. */
export const MULTICAST_GAP = SECOND
export const DEFENCE_GAP = 250
/** RFC 6762 §6.3, §6.4: a shared answer waits 20–120 ms, and may be held up to 500 ms more to leave with others. */
export const REPLY_MIN = 20
export const REPLY_MAX = 120
export const REPLY_HOLD = 500
/** RFC 6762 §5.2: the first question waits 20–120 ms. */
export const QUERY_MIN = 20
export const QUERY_MAX = 120
/** RFC 6762 §11: how long after a QU question unicast answers are expected. */
export const UNICAST_WINDOW = 2 * SECOND
/** RFC 6762 §7.3: how near its own question has to be for another host's to stand in for it. */
export const DUPLICATE_WINDOW = SECOND
/** RFC 6762 §10.4: how long a record that a client doubts has to prove itself, asked about once a second. */
export const RECONFIRM_WINDOW = 4 * SECOND
/** RFC 6762 §10.3: how long what was heard on a link outlives it, and has to be heard again once it is back. */
export const LINK_GRACE = 5 * SECOND
export const TOPOLOGY_WINDOW = 10 * SECOND
/** RFC 6762 §10.5: how near to each other two questions without an answer are, and how long one may still come. */
export const PASSIVE_WINDOW = 10 * SECOND
/** An echo of a datagram of our own comes back within this, RFC 6762 §14. */
export const ECHO_WINDOW = 2 * SECOND
/** And a process that is kept from reading it finds it as late as this. */
export const ECHO_PATIENCE = 30 * SECOND

export function between(random: Random, min: number, max: number): number {
  return min + random() * (max - min)
}

/** The interval after this one: 1, 2, 4 … seconds, at most an hour; Infinity stays, RFC 6762 §5.2. */
export function nextQueryInterval(interval: number): number {
  if (interval === Number.POSITIVE_INFINITY) return interval
  return interval === 0 ? SECOND : Math.min(2 * interval, HOUR)
}

/** How long to wait for the rest of a truncated query, RFC 6762 §7.2. */
export function truncatedWait(random: Random): number {
  return between(random, 400, 500)
}

/** How often a record is asked for before it runs out. */
export const RUNGS = 4

/**
 * When to ask for a record again: at 80, 85, 90 and 95 % of its life, each up to 2 % later, RFC 6762 §5.2.
 * For lives under ten seconds they are half a second apart, and fewer, so that the first half of the life is quiet.
 * `jitter` is a number in [0, 1); Infinity when no rung is left.
 */
export function refreshAt(life: number, until: Instant, rung: number, jitter: number): Instant {
  const step = Math.max(life / 20, SECOND / 2)
  const rungs = Math.min(RUNGS, Math.floor(life / (2 * step)))
  return rung < rungs ? until - (rungs - rung) * step + (jitter * life) / 50 : Number.POSITIVE_INFINITY
}

/** A random wait that everything which starts in it shares, so that one datagram can carry it all. */
export class SharedWait {
  readonly #random: Random
  readonly #min: number
  readonly #max: number
  #until: Instant = Number.NEGATIVE_INFINITY

  constructor(random: Random, min: number, max: number) {
    this.#random = random
    this.#min = min
    this.#max = max
  }

  /** An instant within [now + min, now + max]. */
  join(now: Instant): Instant {
    const open = this.#until >= now + this.#min && this.#until <= now + this.#max
    if (!open) this.#until = now + between(this.#random, this.#min, this.#max)
    return this.#until
  }
}
