// Owns what a host needs from the world: a clock and a transport. net/ and sim/ implement them.
// Does not own the engine's contract (mdns/types.ts) nor any implementation.
import type { Instant, Link, Received, Send } from '../mdns/types.ts'

export type Cancel = () => void

export interface Clock {
  now(): Instant
  /** Runs once, not before `when`. A timer that is waiting for a peer must not keep the process alive by itself. */
  at(when: Instant, run: () => void): Cancel
}

export interface TransportListener {
  received(datagram: Received): void
  /** Called before `open` resolves, and again on every change; each call names all links that are up. */
  links(links: readonly Link[]): void
  /** The machine slept: every link may be another one now. */
  woken(): void
  /** The group was joined anew on a link, which may have been deaf for a while. */
  rejoined(link: string): void
  /** A send to the group or a socket of this link failed; nothing is thrown, the transport goes on. */
  failed(link: string, error: Error): void
}

export interface Transport {
  /** Resolves once the links are known, also when there are none; rejects only with a RegistryError. */
  open(on: TransportListener): Promise<void>
  /** Never throws; what goes wrong is told to `failed`. A link that is not there is ignored. */
  send(send: Send): void
  /** Resolves when all that was sent has left and every handle is closed. May be called twice. */
  close(): Promise<void>
  /** Whether the process is to stay alive for its sake, whatever there is open; until this is called it is not. */
  ref?(alive: boolean): void
  /** By link: the bytes that its receive buffer really has. */
  receiveBuffers?(): ReadonlyMap<string, number>
}
