// Owns one publication's life on one link: its records, its unique names, and how far the claim to them has come.
// Does not own the order of its steps: publisher.ts takes them.
import { foldName } from '../wire/name.ts'
import type { Rr } from '../wire/types.ts'
import { UPDATE_CREDIT_EVERY, UPDATE_CREDITS } from './cadence.ts'
import { rrKey, setKey } from './rr.ts'
import { NOWHERE, type Waiting } from './schedule.ts'
import type { Instant } from './types.ts'

/** RFC 6762 §8: waiting for the first probe, probing, announcing, and then established; lost until it is renamed. */
export type ClaimState = 'waiting' | 'probing' | 'announcing' | 'established' | 'lost'

/** Records of an update that waits for a credit. */
export interface HeldUpdate extends Waiting {
  readonly claim: Claim
  readonly records: readonly Rr[]
}

/** Records that are to be claimed. */
export interface Wanted {
  readonly id: string
  readonly records: readonly Rr[]
  /** As in Publication. */
  readonly probe?: boolean | undefined
}

export interface Claim extends Waiting {
  readonly id: string
  records: readonly Rr[]
  /** The folded names of its unique records. */
  names: ReadonlySet<string>
  /** Whether others are asked for its names before they count as its own. */
  readonly probes: boolean
  state: ClaimState
  /** Probes or announcements sent in this state. */
  sent: number
  /** What the announcements carry: all records, or after an update the sets that changed. */
  news: readonly Rr[]
  /** Whether peers have heard these records from us, so that they need a goodbye. */
  announced: boolean
  /** How often another host's simultaneous probe won. */
  deferrals: number
  credits: { left: number; at: Instant }
  held: HeldUpdate | undefined
}

export function newClaim({ id, records, probe = true }: Wanted, now: Instant): Claim {
  const names = uniqueNames(records)
  return {
    id,
    records,
    names,
    probes: probe && names.size > 0,
    state: 'waiting',
    sent: 0,
    news: records,
    announced: false,
    deferrals: 0,
    credits: { left: UPDATE_CREDITS, at: now },
    held: undefined,
    place: NOWHERE,
  }
}

export function uniqueNames(records: readonly Rr[]): ReadonlySet<string> {
  return new Set(records.filter((rr) => rr.flush).map((rr) => foldName(rr.name)))
}

export interface Difference {
  /** Whole sets of which a member is new or has another TTL, RFC 6762 §10.2. */
  readonly news: readonly Rr[]
  /** Records that need a goodbye: shared ones, and unique ones whose set is gone altogether, RFC 6762 §8.4. */
  readonly gone: readonly Rr[]
}

export function difference(before: readonly Rr[], after: readonly Rr[]): Difference {
  const old = new Map(before.map((rr) => [rrKey(rr), rr.ttl]))
  const sets = new Set(after.map((rr) => setKey(rr.name, rr.type)))
  const dropped = droppedFrom(before, after)
  const changed = after.filter((rr) => old.get(rrKey(rr)) !== rr.ttl)
  const stale = new Set([...changed, ...dropped].filter((rr) => rr.flush).map((rr) => setKey(rr.name, rr.type)))
  return {
    news: after.filter((rr) => changed.includes(rr) || stale.has(setKey(rr.name, rr.type))),
    gone: dropped.filter((rr) => !rr.flush || !sets.has(setKey(rr.name, rr.type))),
  }
}

export function droppedFrom(before: readonly Rr[], after: readonly Rr[]): readonly Rr[] {
  const kept = new Set(after.map(rrKey))
  return before.filter((rr) => !kept.has(rrKey(rr)))
}

/** Takes one of the ten updates a minute; false when they are used up, RFC 6762 §8.4. */
export function spendCredit({ credits }: Claim, now: Instant): boolean {
  // Added up as those who wait for a credit do it: a quotient could round to just below a whole number.
  while (credits.left < UPDATE_CREDITS && credits.at + UPDATE_CREDIT_EVERY <= now) {
    credits.left++
    credits.at += UPDATE_CREDIT_EVERY
  }
  if (credits.left === UPDATE_CREDITS) credits.at = now
  if (credits.left === 0) return false
  credits.left--
  return true
}
