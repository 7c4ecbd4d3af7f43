// Owns one simulated LAN: who is on it, and what becomes of a datagram between two stations.
// Does not own the stations (transport.ts, peer.ts) nor time (clock.ts).
import type { Cancel, Clock } from '../host/ports.ts'
import { MDNS_PORT } from '../mdns/admission.ts'
import type { Endpoint, Family, Instant, LinkAddress, Random } from '../mdns/types.ts'

/** Where multicast goes, RFC 6762 §3. */
export const MDNS_GROUP: Readonly<Record<Family, Endpoint>> = {
  4: { address: '224.0.0.251', port: MDNS_PORT },
  6: { address: 'ff02::fb', port: MDNS_PORT },
}

/** How good the LAN is; may be changed at any time, and holds for what is sent from then on. */
export interface Conditions {
  /** Milliseconds. Out of a range each delivery draws its own, so that datagrams overtake each other. */
  readonly latency: number | readonly [least: number, most: number]
  /** The share of deliveries that never arrive, 0 to 1. A host always hears itself. */
  readonly loss: number
  /** The share of deliveries that arrive twice, 0 to 1. */
  readonly duplicate: number
}

/** One datagram as it was sent, once however many hear it. */
export interface Transmission {
  readonly at: Instant
  readonly network: string
  /** The name of the station that sent it, whatever `from` says. */
  readonly sender: string
  readonly family: Family
  readonly from: Endpoint
  /** For multicast the address of the group. */
  readonly to: Endpoint
  readonly viaGroup: boolean
  readonly bytes: Uint8Array
}

/** The same datagram on its way to one of those who may hear it. */
export interface Delivery extends Transmission {
  /** The name of the station. */
  readonly receiver: string
}

/** Whatever is plugged into a LAN. */
export interface Station {
  readonly name: string
  readonly addresses: readonly LinkAddress[]
  /** Whether its own multicast comes back to it, as with IP_MULTICAST_LOOP. */
  readonly loopback: boolean
  hear(delivery: Delivery): void
}

export interface Outgoing {
  readonly family: Family
  readonly from: Endpoint
  readonly to: 'group' | Endpoint
  readonly bytes: Uint8Array
}

export interface NetworkOptions {
  readonly clock: Clock
  readonly random: Random
  readonly name: string
  /** 0 is 198.18.0.0/16 and 2001:db8::/64; n up to 255 is 198.19.n.0/24 and 2001:db8:0:n::/64. */
  readonly subnet?: number
  readonly conditions?: Partial<Conditions>
}

export class Network {
  readonly name: string
  conditions: Conditions
  readonly #clock: Clock
  readonly #random: Random
  readonly #subnet: number
  readonly #stations = new Set<Station>()
  readonly #taps = new Set<(transmission: Transmission) => void>()
  readonly #intercepts = new Set<(delivery: Delivery) => boolean>()
  /** By the name of a station, the group that it can hear. */
  #groups = new Map<string, number>()
  #addressed = 0

  constructor(options: NetworkOptions) {
    this.name = options.name
    this.conditions = { latency: [0.1, 1], loss: 0, duplicate: 0, ...options.conditions }
    this.#clock = options.clock
    this.#random = options.random
    this.#subnet = options.subnet ?? 0
  }

  /** Addresses that nobody has here: one of 198.18.0.0/15 for family 4, fe80:: and 2001:db8:: for family 6. */
  freshAddresses(families: readonly Family[]): LinkAddress[] {
    this.#addressed += 1
    return families.flatMap((family) => (family === 4 ? [this.#address4()] : this.#addresses6()))
  }

  join(station: Station): Cancel {
    this.#stations.add(station)
    return () => {
      this.#stations.delete(station)
    }
  }

  /** Sends from a station; `from` need not be an address of it. The bytes are copied. */
  transmit(station: Station, outgoing: Outgoing): void {
    const { family, from, to } = outgoing
    const transmission: Transmission = {
      at: this.#clock.now(),
      network: this.name,
      sender: station.name,
      family,
      from,
      to: to === 'group' ? MDNS_GROUP[family] : to,
      viaGroup: to === 'group',
      bytes: outgoing.bytes.slice(),
    }
    for (const tap of this.#taps) tap(transmission)
    for (const receiver of this.#stations) {
      if (reaches(transmission, station, receiver)) this.#carry(transmission, station, receiver)
    }
  }

  /** Sees every datagram when it is sent, also those that are lost then. */
  tap(see: (transmission: Transmission) => void): Cancel {
    this.#taps.add(see)
    return () => {
      this.#taps.delete(see)
    }
  }

  /** Decides over every delivery when it is sent: true lets it pass, false drops it. */
  intercept(decide: (delivery: Delivery) => boolean): Cancel {
    this.#intercepts.add(decide)
    return () => {
      this.#intercepts.delete(decide)
    }
  }

  /** From now on stations of different groups do not hear each other; one in no group hears and reaches all. */
  partition(...groups: readonly (readonly string[])[]): void {
    this.#groups = new Map(groups.flatMap((names, group) => names.map((name) => [name, group] as const)))
  }

  heal(): void {
    this.#groups.clear()
  }

  #carry(transmission: Transmission, sender: Station, receiver: Station): void {
    const delivery = deliveryTo(receiver, transmission)
    for (const decide of this.#intercepts) if (!decide(delivery)) return
    if (receiver === sender) {
      this.#deliver(delivery, receiver, 0)
      return
    }
    if (this.#isApart(sender.name, receiver.name)) return
    if (this.#random() < this.conditions.loss) return
    this.#deliver(delivery, receiver, this.#latency())
    if (this.#random() < this.conditions.duplicate) this.#deliver(delivery, receiver, this.#latency())
  }

  #deliver(delivery: Delivery, receiver: Station, latency: number): void {
    this.#clock.at(delivery.at + latency, () => {
      if (this.#stations.has(receiver)) receiver.hear(delivery)
    })
  }

  #latency(): number {
    const { latency } = this.conditions
    if (typeof latency === 'number') return latency
    const [least, most] = latency
    return least + this.#random() * (most - least)
  }

  #isApart(a: string, b: string): boolean {
    const groupOfA = this.#groups.get(a)
    const groupOfB = this.#groups.get(b)
    return groupOfA !== undefined && groupOfB !== undefined && groupOfA !== groupOfB
  }

  #address4(): LinkAddress {
    const host = this.#addressed
    if (this.#subnet > 0) return { address: `198.19.${this.#subnet}.${host}`, family: 4, prefixLength: 24 }
    return { address: `198.18.${host >> 8}.${host & 0xff}`, family: 4, prefixLength: 16 }
  }

  #addresses6(): LinkAddress[] {
    const host = this.#addressed.toString(16)
    const prefix = this.#subnet > 0 ? `2001:db8:0:${this.#subnet.toString(16)}` : '2001:db8'
    return [
      { address: `fe80::${host}`, family: 6, prefixLength: 64 },
      { address: `${prefix}::${host}`, family: 6, prefixLength: 64 },
    ]
  }
}

/** Spelt out, since there is one for every station and every datagram, and a spread takes ten times as long. */
function deliveryTo({ name: receiver }: Station, transmission: Transmission): Delivery {
  const { at, network, sender, family, from, to, viaGroup, bytes } = transmission
  return { at, network, sender, family, from, to, viaGroup, bytes, receiver }
}

/** Multicast reaches all who have the family, the sender if it wants to; unicast who has the address. */
function reaches({ viaGroup, family, to }: Transmission, sender: Station, receiver: Station): boolean {
  if (viaGroup && receiver === sender) return receiver.loopback
  return receiver.addresses.some((own) => own.family === family && (viaGroup || own.address === to.address))
}
