// Owns a program that has an instance of multicast-dns already, on loopback and a port of its own.
// Does not own what is put on top of it.
import { createSocket, type Socket } from 'node:dgram'
import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { Bonjour } from 'bonjour-service'
import type { Transport } from '../../src/host/ports.ts'
import { multicastDns } from '../../src/net/multicast-dns.ts'
import type { Packet } from '../../src/wire/packet.ts'

/** What multicast-dns makes, as far as the tests use it. */
export interface Instance extends EventEmitter {
  query(packet: Packet): void
  respond(packet: Packet): void
  destroy(done?: () => void): void
}

export const makeInstance = createRequire(import.meta.url)('multicast-dns') as (options: object) => Instance

/** How the transport gets through the instance. */
export type Way = 'socket' | 'packets'

/** Bound to any address, or Linux would keep multicast from it; yet it joins and sends on loopback alone. */
const LOOPBACK = { interface: '127.0.0.1', bind: '0.0.0.0' }

export class Program {
  readonly bonjour: Bonjour
  readonly instance: Instance
  readonly socket: Socket | undefined
  readonly port: number
  readonly warnings: unknown[] = []

  constructor(way: Way, port: number) {
    this.port = port
    this.socket = way === 'socket' ? createSocket({ type: 'udp4', reuseAddr: true }) : undefined
    this.bonjour = new Bonjour({ ...LOOPBACK, port, ...(this.socket && { socket: this.socket }) } as object)
    this.instance = (this.bonjour as unknown as { server: { mdns: Instance } }).server.mdns
    this.instance.on('warning', (warning: unknown) => this.warnings.push(warning))
  }

  transport(): Transport {
    return multicastDns(this.instance, { socket: this.socket, port: this.port, interface: LOOPBACK.interface })
  }

  destroy(): Promise<void> {
    return new Promise((resolve) => this.bonjour.destroy(() => resolve()))
  }
}

/** An instance alone, which may be told to use the same port as a program. */
export function bareInstance(port: number): Instance {
  return makeInstance({ ...LOOPBACK, port })
}
