// Owns how any socket of a link is made: bound, and set so that multicast leaves through this link and no other.
// Does not own what the socket is for (link-socket.ts, query-socket.ts).
import type { Socket } from 'node:dgram'
import type { Endpoint } from '../mdns/types.ts'
import { bindSocket, closeSocket } from './datagram-socket.ts'
import { multicastInterface } from './group.ts'
import type { LinkCandidate } from './links.ts'
import type { OpenLinkOptions } from './open-link.ts'

export interface LinkBinding {
  readonly at: Endpoint
  /** Whether several programs may hold the same port, RFC 6762 §15.1. */
  readonly shared: boolean
  received(bytes: Uint8Array, from: Endpoint): void
}

/** Rejects, with the socket closed again, when any of it fails. IP TTLs are 255, RFC 6762 §11. */
export async function bindOnLink(
  candidate: LinkCandidate,
  { createSocket, failed }: OpenLinkOptions,
  { at, shared, received }: LinkBinding,
): Promise<Socket> {
  const { id, family } = candidate
  const socket = await bindSocket(
    { family, shared, createSocket, received, failed: (error) => failed(id, error, true) },
    at,
  )
  try {
    // A link may be long in coming: what keeps the process alive is told to the transport, and is no socket.
    socket.unref()
    socket.setMulticastInterface(multicastInterface(candidate))
    socket.setMulticastTTL(255)
    socket.setTTL(255)
    socket.setMulticastLoopback(true)
    return socket
  } catch (error) {
    await closeSocket(socket)
    throw error
  }
}
