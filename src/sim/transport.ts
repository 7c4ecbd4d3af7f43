// Owns the transport of one simulated host: its interfaces, which may come, go and change while it runs.
// Does not own what travels between hosts (network.ts).
import type { Clock, Transport, TransportListener } from '../host/ports.ts'
import type { LinkAddress, Send } from '../mdns/types.ts'
import { Interface } from './interface.ts'
import type { Network } from './network.ts'

export interface SimTransportOptions {
  readonly clock: Clock
  /** What the host is called on its networks, for transcripts and partitions. */
  readonly name: string
}

export interface ConnectOptions {
  readonly addresses: readonly LinkAddress[]
  /** Whether unicast to port 5353 arrives. Default true. */
  readonly unicast?: boolean
  /** Whether another program holds port 5353, so that all one can do is ask. Default false. */
  readonly queryOnly?: boolean
}

export class SimTransport implements Transport {
  readonly name: string
  readonly #clock: Clock
  readonly #interfaces = new Map<string, Interface>()
  #on: TransportListener | undefined

  constructor(options: SimTransportOptions) {
    this.#clock = options.clock
    this.name = options.name
  }

  /** The links are told before this returns, so that a world need not wait for a promise. */
  async open(on: TransportListener): Promise<void> {
    this.#on = on
    for (const each of this.#interfaces.values()) this.#up(each)
    this.#tellLinks()
  }

  send(send: Send): void {
    for (const each of this.#interfaces.values()) {
      const link = each.links.find((candidate) => candidate.id === send.link)
      if (link === undefined) continue
      if (each.failure === undefined) each.send(link.family, send)
      else this.#fail(link.id, each.failure)
    }
  }

  async close(): Promise<void> {
    this.#on = undefined
    for (const each of this.#interfaces.values()) each.down()
  }

  /** Plugs the host into a network; it has one interface per network. */
  connect(network: Network, { addresses, unicast = true, queryOnly = false }: ConnectOptions): Interface {
    this.#interfaces.get(network.name)?.down()
    const added = new Interface({ network, station: this.name, addresses, unicast, queryOnly })
    this.#interfaces.set(network.name, added)
    if (this.#on !== undefined) this.#up(added)
    this.#tellLinks()
    return added
  }

  disconnect(network: Network): void {
    this.#interfaces.get(network.name)?.down()
    if (this.#interfaces.delete(network.name)) this.#tellLinks()
  }

  /** With no address of a family, the link of that family is gone. */
  readdress(network: Network, addresses: readonly LinkAddress[]): void {
    const found = this.#interfaces.get(network.name)
    if (found === undefined) return
    found.addresses = addresses
    this.#tellLinks()
  }

  /** The machine sleeps, and wakes at once: as far as its clock tells, no time has passed. */
  wake(): void {
    this.#on?.woken()
  }

  interface(network: Network): Interface | undefined {
    return this.#interfaces.get(network.name)
  }

  #up(each: Interface): void {
    each.up((datagram) => this.#on?.received(datagram))
  }

  #tellLinks(): void {
    this.#on?.links([...this.#interfaces.values()].flatMap((each) => each.links))
  }

  /** As sockets do, tells of the failure only after the send has returned. */
  #fail(link: string, error: Error): void {
    this.#clock.at(this.#clock.now(), () => this.#on?.failed(link, error))
  }
}
