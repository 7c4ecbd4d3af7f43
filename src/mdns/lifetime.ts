// Owns how long a record that was heard is believed: what its TTL gives it, and what ends it sooner.
// Does not own what happens then, nor when it is asked for again (cache.ts, cadence.ts).
import type { Rr } from '../wire/types.ts'
import { SECOND } from './cadence.ts'
import type { Instant, RemovalReason } from './types.ts'

/** Seconds; a longer TTL is taken for this one, so that nothing a peer says once stays for days. */
const MAX_TTL = 4_500
/** And a denial for this one: it silences our questions, and anybody may deny what is not there yet. */
const MAX_DENIAL_TTL = 120

/** When something was heard; what arrives together shares it. */
export interface Moment {
  readonly at: Instant
  /** The share of the random delay of refreshes, in [0, 1), so that one question can refresh it all. */
  readonly jitter: number
}

/** That a record goes before its time. */
export interface Doom {
  readonly reason: RemovalReason
  readonly until: Instant
}

export interface Lifetime {
  readonly rr: Rr
  /** When it was last received. */
  readonly heard: Moment
  readonly doom: Doom | undefined
}

/** Milliseconds that its TTL gives a record. */
export function lifeOf(rr: Rr): number {
  return Math.min(rr.ttl, rr.type === 'NSEC' ? MAX_DENIAL_TTL : MAX_TTL) * SECOND
}

/** When it would end if nothing ended it sooner. */
export function naturalEndOf({ heard, rr }: Lifetime): Instant {
  return heard.at + lifeOf(rr)
}

export function endOf(lifetime: Lifetime): Instant {
  return lifetime.doom?.until ?? naturalEndOf(lifetime)
}
