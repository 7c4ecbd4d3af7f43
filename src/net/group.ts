// Owns the multicast group of mDNS, and how it and other addresses are written so that a datagram takes the right link.
// Does not own any socket.
import type { Family } from '../mdns/types.ts'
import { isLinkLocal6 } from '../wire/address.ts'
import type { LinkCandidate } from './links.ts'

/** RFC 6762 §3. */
export const GROUP: Readonly<Record<Family, string>> = { 4: '224.0.0.251', 6: 'ff02::fb' }

/** The group, as it is bound and sent to on this link. */
export function groupOn({ family, interface: on }: LinkCandidate): string {
  return family === 6 ? `${GROUP[6]}%${on.zone}` : GROUP[4]
}

/** What names the link to `addMembership` and `setMulticastInterface`. */
export function multicastInterface({ family, interface: on, address }: LinkCandidate): string {
  return family === 6 ? `::%${on.zone}` : address
}

/** An address of this link; a link-local one means nothing without its interface, RFC 4007 §6. */
export function scopedOn({ interface: on }: LinkCandidate, address: string): string {
  return isLinkLocal6(address) ? `${address}%${on.zone}` : address
}
