// Owns a station without a host: what a test makes it say, from any address, and a record of all that it hears.
// Does not own any knowledge of DNS; its datagrams are bytes.
import { MDNS_PORT } from '../mdns/admission.ts'
import type { Endpoint, Family, Instant, LinkAddress } from '../mdns/types.ts'
import type { Delivery, Network, Station } from './network.ts'

/** A delivery, with `at` the instant of its arrival. */
export type Arrival = Delivery

export interface PeerOptions {
  readonly network: Network
  readonly name: string
  readonly addresses: readonly LinkAddress[]
  now(): Instant
}

export interface PeerSend {
  /** Default: the group. */
  readonly to?: 'group' | Endpoint
  /** Default 4. */
  readonly family?: Family
  /** Whatever is left out is the peer's own address, and port 5353. */
  readonly from?: Partial<Endpoint>
}

/** Hears all multicast but its own, and all unicast to its addresses, whatever the port. */
export class Peer implements Station {
  readonly name: string
  readonly network: Network
  readonly loopback = false
  addresses: readonly LinkAddress[]
  /** All that was heard, in the order of arrival. */
  readonly heard: Arrival[] = []
  /** Called with each arrival: the place for an answer. */
  onHear: ((arrival: Arrival) => void) | undefined
  readonly #now: () => Instant

  constructor(options: PeerOptions) {
    this.name = options.name
    this.network = options.network
    this.addresses = options.addresses
    this.#now = options.now
    this.network.join(this)
  }

  /** The first address of the family: the link-local one for family 6. */
  address(family: Family): string {
    const found = this.addresses.find((own) => own.family === family)
    if (found === undefined) throw new RangeError(`${this.name} has no address of family ${family}`)
    return found.address
  }

  send(bytes: Uint8Array, { to = 'group', family = 4, from = {} }: PeerSend = {}): void {
    const address = from.address ?? this.address(family)
    const port = from.port ?? MDNS_PORT
    this.network.transmit(this, { family, from: { address, port }, to, bytes })
  }

  hear(delivery: Delivery): void {
    const arrival = { ...delivery, at: this.#now() }
    this.heard.push(arrival)
    this.onHear?.(arrival)
  }
}
