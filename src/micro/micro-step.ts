// Owns what one step of the go-micro engine has brought about so far.
// Does not own how it comes about (micro-engine.ts).
import type { Instant, Send } from '../mdns/types.ts'
import type { MicroEvent } from './types.ts'

export interface MicroStep {
  readonly now: Instant
  readonly sends: Send[]
  readonly questions: Send[]
  readonly events: MicroEvent[]
}

export function newMicroStep(now: Instant): MicroStep {
  return { now, sends: [], questions: [], events: [] }
}
