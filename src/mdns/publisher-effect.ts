// Owns what the claims of a link want done: probes, announcements and goodbyes, and what is ours from when on.
// Does not own when (publisher.ts), nor how it is done (authority.ts).
import type { Rr } from '../wire/types.ts'

export type PublisherEffect =
  /** Ask whether anybody has the names of these records. */
  | { readonly kind: 'probe'; readonly records: readonly Rr[] }
  /** The records are ours from here on; and no longer. */
  | { readonly kind: 'hold'; readonly id: string; readonly records: readonly Rr[] }
  | { readonly kind: 'release'; readonly id: string }
  | { readonly kind: 'announce'; readonly records: readonly Rr[] }
  /** To be told unless something else of ours still holds the record. */
  | { readonly kind: 'goodbye'; readonly records: readonly Rr[] }
  /** The publication stands as far as this link can do anything about it. */
  | { readonly kind: 'settled'; readonly id: string }
  /** Its name belongs to another host: it needs another. */
  | { readonly kind: 'lost'; readonly id: string }
