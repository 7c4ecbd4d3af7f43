// Owns the way through the socket that a program gave to its multicast-dns instance: bytes both ways, as they are.
// Does not own the socket: it binds and closes nothing, and sets no option.
import type { Socket } from 'node:dgram'
import type { Endpoint } from '../mdns/types.ts'
import type { Carrier, CarrierListener, CarrierState } from './carrier.ts'
import { codeOf, sendFrom } from './datagram-socket.ts'

/** What is used of a `dgram.Socket`. */
export type SharedSocket = Pick<Socket, 'send' | 'address' | 'on' | 'off'>

export class SocketCarrier implements Carrier {
  readonly #socket: SharedSocket
  readonly #group: Endpoint
  #closed = false
  #unlisten: () => void = () => {}

  constructor(socket: SharedSocket, group: Endpoint) {
    this.#socket = socket
    this.#group = group
  }

  get state(): CarrierState {
    if (this.#closed) return 'closed'
    try {
      this.#socket.address()
      return 'open'
    } catch (error) {
      return codeOf(error) === 'ERR_SOCKET_DGRAM_NOT_RUNNING' ? 'closed' : 'opening'
    }
  }

  listen({ received, changed }: CarrierListener): void {
    const socket = this.#socket
    const message = (bytes: Uint8Array, from: Endpoint) => received(bytes, from)
    const closed = () => {
      this.#closed = true
      changed()
    }
    socket.on('message', message).on('listening', changed).on('close', closed)
    this.#unlisten = () => socket.off('message', message).off('listening', changed).off('close', closed)
  }

  send(bytes: Uint8Array, to: 'group' | Endpoint, done: (error: Error | null) => void): void {
    sendFrom(this.#socket, bytes, to === 'group' ? this.#group : to, done)
  }

  unlisten(): void {
    this.#unlisten()
  }
}
