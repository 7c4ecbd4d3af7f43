// Owns the refusals: which datagrams a link takes in, and which it drops before anything else looks at them.
// Does not own what is done with those that are taken in.
import { decode } from '../wire/decode.ts'
import { WireError } from '../wire/errors.ts'
import type { Message } from '../wire/types.ts'
import { UNICAST_WINDOW } from './cadence.ts'
import type { Limits } from './limits.ts'
import { distinct } from './questions.ts'
import type { Subnets } from './subnets.ts'
import type { DropReason, Instant, Received } from './types.ts'

export const MDNS_PORT = 5353

export interface AdmissionState {
  readonly subnets: Subnets
  /** When a unicast answer was last asked for. */
  readonly unicastAskedAt: Instant
  readonly limits: Pick<Limits, 'datagramIn'>
}

/** The message, or why it was dropped. */
export type Admission = { readonly message: Message } | { readonly dropped: DropReason }

export function admit(datagram: Received, state: AdmissionState, now: Instant): Admission {
  if (datagram.bytes.length > state.limits.datagramIn) return { dropped: 'too-large' }
  const message = decoded(datagram.bytes)
  if (message === undefined) return { dropped: 'malformed' }
  if (message.opcode !== 0) return { dropped: 'opcode' }
  if (message.rcode !== 0) return { dropped: 'rcode' }
  const dropped = message.response ? refuseResponse(datagram, state, now) : refuseQuery(datagram, state)
  return dropped === undefined ? { message: { ...message, questions: distinct(message.questions) } } : { dropped }
}

function decoded(bytes: Uint8Array): Message | undefined {
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

/**
 * A response comes from port 5353; one to the group is on the link by that alone, one to us alone has to come from
 * the link and to be wanted, RFC 6762 §6, §11.
 */
function refuseResponse({ from, viaGroup }: Received, state: AdmissionState, now: Instant): DropReason | undefined {
  if (from.port !== MDNS_PORT) return 'port'
  if (viaGroup) return undefined
  if (!state.subnets.contains(from.address)) return 'off-link'
  return now - state.unicastAskedAt > UNICAST_WINDOW ? 'unsolicited' : undefined
}

/** A query that would be answered by unicast comes from the link, RFC 6762 §5.5, §6.7. */
function refuseQuery({ from, viaGroup }: Received, { subnets }: AdmissionState): DropReason | undefined {
  if (from.port === 0) return 'port'
  const toGroup = viaGroup && from.port === MDNS_PORT
  return toGroup || subnets.contains(from.address) ? undefined : 'off-link'
}
