// Owns one interface of a simulated host: its addresses, the links that follow from them, and what it sends and hears.
// Does not own the set of interfaces (transport.ts) nor what travels between stations (network.ts).
import type { Cancel } from '../host/ports.ts'
import { MDNS_PORT } from '../mdns/admission.ts'
import type { Endpoint, Family, Link, LinkAddress, Received, Send } from '../mdns/types.ts'
import { isLinkLocal6 } from '../wire/address.ts'
import type { Delivery, Network, Station } from './network.ts'

export interface InterfaceOptions {
  readonly network: Network
  /** The name of the host. */
  readonly station: string
  readonly addresses: readonly LinkAddress[]
  /** Whether unicast to port 5353 arrives. */
  readonly unicast: boolean
  /** Another program holds port 5353 here: there is no more than another port to ask from. */
  readonly queryOnly: boolean
}

/** The port of an interface that may only ask. */
const QUERY_PORT = 49_152

/** Bears the name of its network; there is a link in each family that it has an address of. */
export class Interface implements Station {
  readonly name: string
  readonly network: Network
  readonly loopback = true
  addresses: readonly LinkAddress[]
  /** While set, every send on this interface fails with it. */
  failure: Error | undefined
  readonly #unicast: boolean
  readonly #queryOnly: boolean
  #leave: Cancel | undefined
  #receive: (datagram: Received) => void = () => {}

  constructor(options: InterfaceOptions) {
    this.name = options.station
    this.network = options.network
    this.addresses = options.addresses
    this.#unicast = options.unicast && !options.queryOnly
    this.#queryOnly = options.queryOnly
  }

  get links(): Link[] {
    const families = ([4, 6] as const).filter((family) => this.addresses.some((own) => own.family === family))
    return families.map((family) => ({
      id: this.#linkId(family),
      interface: this.network.name,
      family,
      addresses: this.addresses,
      unicast: this.#unicast,
      ...(this.#queryOnly && { queryOnly: true }),
    }))
  }

  up(receive: (datagram: Received) => void): void {
    this.#receive = receive
    this.#leave ??= this.network.join(this)
  }

  down(): void {
    this.#leave?.()
    this.#leave = undefined
  }

  send(family: Family, { to, bytes }: Send): void {
    const address = this.#sourceFor(family, to)
    if (this.#leave === undefined || address === undefined) return
    this.network.transmit(this, { family, from: { address, port: this.#port }, to, bytes })
  }

  hear({ family, from, to, viaGroup, bytes }: Delivery): void {
    if (to.port !== this.#port || (!viaGroup && !this.#unicast && !this.#queryOnly)) return
    this.#receive({ link: this.#linkId(family), from, viaGroup, bytes })
  }

  get #port(): number {
    return this.#queryOnly ? QUERY_PORT : MDNS_PORT
  }

  #linkId(family: Family): string {
    return `${this.network.name}/${family}`
  }

  /** As a system would choose: an address of the scope of the destination, the group being of link-local scope. */
  #sourceFor(family: Family, to: 'group' | Endpoint): string | undefined {
    const own = this.addresses.filter((candidate) => candidate.family === family)
    const wantsLinkLocal = to === 'group' || isLinkLocal6(to.address)
    const match = own.find((candidate) => isLinkLocal6(candidate.address) === wantsLinkLocal)
    return (match ?? own[0])?.address
  }
}
