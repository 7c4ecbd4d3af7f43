// Owns which of the records that were heard a question lists, so that nobody answers with them.
// Does not own how many datagrams that takes (pack.ts), nor the lists of others (truncated.ts, overheard.ts).
import type { Rr } from '../wire/types.ts'
import { SECOND } from './cadence.ts'
import { type Lifetime, lifeOf, naturalEndOf } from './lifetime.ts'
import type { Instant } from './types.ts'

/** About as many as one datagram holds beside the question. */
export const FEW = 32

export interface Listing {
  readonly now: Instant
  /** Whether the question is asked for a record that is about to run out. */
  readonly renews: boolean
  readonly limit: number
}

/**
 * The shared records with more than half of their life left, RFC 6762 §7.1, at most `limit`. A question that renews one
 * of many lists those alone that are fresh: the others are told again in answer to this one question, and not each to
 * one of its own with so long a list.
 */
export function knownAnswers(entries: Iterable<Lifetime>, { now, renews, limit }: Listing): readonly Rr[] {
  const known = [...entries].filter((entry) => isKnown(entry, now))
  const listed = renews && known.length > FEW ? known.filter((entry) => isFresh(entry, now)) : known
  return listed.slice(0, limit).map((entry) => ({ ...entry.rr, ttl: Math.floor(leftOf(entry, now) / SECOND) }))
}

/** Whether it may be listed. */
export function isKnown(entry: Lifetime, now: Instant): boolean {
  return !entry.rr.flush && entry.doom === undefined && 2 * leftOf(entry, now) > lifeOf(entry.rr)
}

/** More than three quarters of its life are left. */
function isFresh(entry: Lifetime, now: Instant): boolean {
  return 4 * leftOf(entry, now) > 3 * lifeOf(entry.rr)
}

function leftOf(entry: Lifetime, now: Instant): number {
  return naturalEndOf(entry) - now
}
