// Owns why something is no longer known, and whether lost packets may be all that is behind it.
// Does not own what becomes of the instance (browser.ts).
import type { Change, RemovalReason } from '../mdns/types.ts'

export interface Loss {
  readonly reason: RemovalReason
  /** Nobody said that it is gone, and questions and answers may have been lost on the way. */
  readonly doubtful: boolean
}

export type Removal = Extract<Change, { readonly action: 'removed' }>

/** Seconds. Who gives a record a shorter life wants its end to be noticed at once. */
const LASTING = 60

export function lossOf({ reason, rr }: Removal): Loss {
  return { reason, doubtful: reason === 'expired' && rr.ttl >= LASTING }
}

/** What these changes took away; undefined if they only brought something. */
export function lossIn(changes: readonly Change[]): Loss | undefined {
  return changes.reduce<Loss | undefined>(
    (loss, change) => (change.action === 'removed' ? graver(loss, lossOf(change)) : loss),
    undefined,
  )
}

/** Of two losses the one that is certain, otherwise the later one. */
export function graver(earlier: Loss | undefined, later: Loss | undefined): Loss | undefined {
  return later === undefined || (later.doubtful && earlier?.doubtful === false) ? earlier : later
}
