// Owns what one step of the engine has brought about so far.
// Does not own how it comes about (engine.ts).
import type { Attachment } from './attachment.ts'
import type { Change, Event, Instant, Send } from './types.ts'

export interface Step {
  readonly now: Instant
  readonly sends: Send[]
  readonly changes: Change[]
  readonly events: Event[]
  /** Attachments that have something to hand over. */
  readonly touched: Set<Attachment>
}

export function newStep(now: Instant): Step {
  return { now, sends: [], changes: [], events: [], touched: new Set() }
}
