// Owns the datagrams that are on their way out of one link: tried again if the queue is full.
// Does not own the socket that they leave through, nor the wait for them at the end (in-flight.ts).
import type { Socket } from 'node:dgram'
import type { Clock } from '../host/ports.ts'
import type { Endpoint } from '../mdns/types.ts'
import { codeOf, sendFrom } from './datagram-socket.ts'
import { InFlight } from './in-flight.ts'

const RETRY_FULL_QUEUE_AFTER = 50

export class Departures {
  readonly #clock: Clock
  readonly #inFlight: InFlight

  constructor(clock: Clock) {
    this.#clock = clock
    this.#inFlight = new InFlight(clock)
  }

  /** A datagram that finds the queue full is sent once more. Never throws. */
  send(socket: Socket, bytes: Uint8Array, to: Endpoint, failed: (error: Error) => void): void {
    const land = (error: Error | null) => {
      this.#inFlight.land()
      if (error) failed(error)
    }
    this.#inFlight.leave()
    sendFrom(socket, bytes, to, (error) => {
      if (codeOf(error) !== 'ENOBUFS') return land(error)
      this.#clock.at(this.#clock.now() + RETRY_FULL_QUEUE_AFTER, () => sendFrom(socket, bytes, to, land))
    })
  }

  /** Resolves when all have left, or half a second later. */
  allLanded(): Promise<void> {
    return this.#inFlight.allLanded()
  }
}
