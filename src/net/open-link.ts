// Owns what the transport needs of a link that it has opened, whatever the link can do.
// Does not own how it is done: link-socket.ts hears the group, query-socket.ts may only ask.
import type { Clock } from '../host/ports.ts'
import type { Link, Received, Send } from '../mdns/types.ts'
import type { CreateSocket } from './datagram-socket.ts'
import type { LinkCandidate, NetworkInterface } from './links.ts'

export interface OpenLink {
  readonly link: Link
  /** Bytes, as the operating system granted them. */
  readonly receiveBuffer: number
  /** Whether the sockets still fit an interface that was listed again. */
  fits(candidate: LinkCandidate): boolean
  /** Takes note of other addresses, interfaces and links; the link's own sockets stay. */
  update(candidate: LinkCandidate, all: readonly NetworkInterface[], links: ReadonlySet<string>): void
  /** Never throws. */
  send(send: Send): void
  /** Resolves when the handles are closed, which waits for what is still on its way, but not for long. */
  close(): Promise<void>
}

export interface OpenLinkOptions {
  readonly port: number
  readonly clock: Clock
  readonly createSocket: CreateSocket
  received(datagram: Received): void
  /** `broken` means that the link is of no more use until it is opened again. */
  failed(link: string, error: Error, broken: boolean): void
}

/** What sending to the group gives when the interface has lost the address that the socket sends from. */
const BROKEN = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'ENODEV', 'ERR_SOCKET_DGRAM_NOT_RUNNING'])

export function isBroken(code: string): boolean {
  return BROKEN.has(code)
}
