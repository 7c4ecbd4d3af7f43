// Owns stand-ins for a multicast-dns instance and for the socket under it; what is sent to the group comes back.
// Does not own the transport over them.
import type { Socket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import dnsPacket from 'dns-packet'
import type { Endpoint } from '../../src/mdns/types.ts'
import type { MulticastDnsInstance, Say, Sent } from '../../src/net/packet-carrier.ts'
import { type Packet, wireOf } from '../../src/wire/packet.ts'
import { systemError } from './fake-dgram.ts'

export interface Departure {
  readonly wire: Uint8Array
  readonly to: Endpoint | null
}

export class FakeInstance extends EventEmitter implements MulticastDnsInstance {
  readonly sent: Departure[] = []
  /** Where its own datagrams come from, when they come back. */
  address = '198.18.0.1'
  loopback = true
  /** What sending gives. */
  fault: string | undefined
  #destroyed = false

  readonly query: Say = (packet, to, sent) => this.#send(packet, to, sent)
  readonly respond: Say = (packet, to, sent) => this.#send(packet, to, sent)

  #send(packet: Packet, ...[second, third]: [Endpoint | Sent, Sent | undefined]): void {
    const to = typeof second === 'function' ? null : second
    const done = typeof second === 'function' ? second : (third ?? (() => {}))
    if (this.#destroyed) {
      done()
      return
    }
    const wire = wireOf(packet)
    this.sent.push({ wire, to })
    done(this.fault ? systemError(this.fault, 'send') : null, wire.length)
    if (to === null && !this.fault && this.loopback) this.hear(wire, this.address)
  }

  hear(wire: Uint8Array, address: string, port = 5353): void {
    const packet = dnsPacket.decode(Buffer.from(wire))
    this.emit(packet.type ?? 'query', packet, { address, port, size: wire.length })
  }

  destroy(): void {
    this.#destroyed = true
  }
}

export class FakeSharedSocket extends EventEmitter {
  readonly sent: Departure[] = []
  state: 'unbound' | 'bound' | 'closed' = 'bound'
  /** Callbacks of sends that have not left yet. */
  readonly leaving: ((error: Error | null) => void)[] = []

  get asSocket(): Socket {
    return this as unknown as Socket
  }

  address(): object {
    if (this.state === 'bound') return {}
    throw systemError(this.state === 'closed' ? 'ERR_SOCKET_DGRAM_NOT_RUNNING' : 'EBADF', 'address')
  }

  send(wire: Uint8Array, port: number, address: string, done: (error: Error | null) => void): void {
    if (this.state !== 'bound') throw systemError('ERR_SOCKET_DGRAM_NOT_RUNNING', 'send')
    this.sent.push({ wire, to: { address, port } })
    this.leaving.push(done)
  }

  become(state: 'bound' | 'closed'): void {
    this.state = state
    this.emit(state === 'bound' ? 'listening' : 'close')
  }
}
