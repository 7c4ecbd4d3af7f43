// Owns which two events of a slow reader's queue may become one without a loss of meaning.
// Does not own when that is done (stream.ts).
import { foldName } from '../wire/name.ts'
import { NOTHING } from './stream.ts'
import type { BrowseEvent } from './types.ts'

/**
 * An `up` or `update` that was not read yet takes in later updates. An `up` that was not read is called off by its
 * `down`; any other `down` stays, and so does an `up` after it.
 */
export function coalesceBrowse(queued: BrowseEvent, next: BrowseEvent): BrowseEvent | typeof NOTHING | undefined {
  if (foldName(queued.service.fullName) !== foldName(next.service.fullName)) return undefined
  if (queued.event === 'down' || next.event === 'up') return undefined
  if (next.event === 'down') return queued.event === 'up' ? NOTHING : next
  return { ...queued, service: next.service }
}
