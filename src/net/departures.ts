// Owns the datagrams that are on their way out of one link: tried again if the queue is full, waited for at the end.
// Does not own the socket that they leave through.
import type { Socket } from 'node:dgram'
import type { Clock } from '../host/ports.ts'
import type { Endpoint } from '../mdns/types.ts'
import { codeOf, sendFrom } from './datagram-socket.ts'

const RETRY_FULL_QUEUE_AFTER = 50
const WAIT_AT_MOST = 500

export class Departures {
  readonly #clock: Clock
  #inFlight = 0
  #landed: () => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A datagram that finds the queue full is sent once more. Never throws. */
  send(socket: Socket, bytes: Uint8Array, to: Endpoint, failed: (error: Error) => void): void {
    const land = (error: Error | null) => {
      this.#inFlight -= 1
      if (error) failed(error)
      if (this.#inFlight === 0) this.#landed()
    }
    this.#inFlight += 1
    sendFrom(socket, bytes, to, (error) => {
      if (codeOf(error) !== 'ENOBUFS') return land(error)
      this.#clock.at(this.#clock.now() + RETRY_FULL_QUEUE_AFTER, () => sendFrom(socket, bytes, to, land))
    })
  }

  /** Resolves when all have left, or half a second later. */
  allLanded(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const giveUp = this.#clock.at(this.#clock.now() + WAIT_AT_MOST, resolve)
      this.#landed = () => {
        giveUp()
        resolve()
      }
    })
  }
}
