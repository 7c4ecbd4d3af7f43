// Owns the contract of a carrier: a way for datagrams in and out through a multicast-dns instance.
// Does not own the ways there are: through its socket (socket-carrier.ts), or through its packets (packet-carrier.ts).
import type { Endpoint } from '../mdns/types.ts'

export interface CarrierListener {
  /** The address may have a zone. */
  received(bytes: Uint8Array, from: Endpoint): void
  /** The state is another. */
  changed(): void
}

/**
 * Nothing is sent while it is opening: a socket that is not bound would bind itself to some port. `closed`
 * is for good: the instance was destroyed, or its socket closed.
 */
export type CarrierState = 'opening' | 'open' | 'closed'

export interface Carrier {
  readonly state: CarrierState
  listen(on: CarrierListener): void
  /** Tells `done` once, with an error if not all of the datagram left. */
  send(bytes: Uint8Array, to: 'group' | Endpoint, done: (error: Error | null) => void): void
  /** Takes every listener away again. */
  unlisten(): void
}

export function notRunning(): Error {
  return new Error('the multicast-dns instance was destroyed, or its socket closed')
}
