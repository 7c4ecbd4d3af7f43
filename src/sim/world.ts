// Owns a whole simulated world: its clock, chance and networks, its hosts and peers, and how far it has run.
// Does not own how any of them works.
import { Host, type HostEngine } from '../host/host.ts'
import { MDNS_PORT } from '../mdns/admission.ts'
import type { Endpoint, Family, Instant } from '../mdns/types.ts'
import { MicroHost } from '../micro/micro-host.ts'
import { VirtualClock } from './clock.ts'
import { type Conditions, Network, type Transmission } from './network.ts'
import { Peer } from './peer.ts'
import { seededRandom } from './random.ts'
import { SimTransport } from './transport.ts'

export interface WorldOptions extends Partial<Conditions> {
  /** The same seed and the same calls give the same datagrams, byte for byte. Default 1. */
  readonly seed?: number
  /** The address families that hosts and peers have unless they say otherwise. Default both. */
  readonly families?: readonly Family[]
}

export interface StationOptions {
  /** Default: `host-1`, `peer-1` and so on. */
  readonly name?: string
  readonly families?: readonly Family[]
}

export interface SimHostOptions extends StationOptions {
  /** A single label. Default: the name. */
  readonly hostName?: string
  /** Where it has an interface. Default: the default LAN alone. */
  readonly networks?: readonly Network[]
  /** Whether unicast to port 5353 arrives. Default true. */
  readonly unicast?: boolean
  readonly onError?: (error: unknown) => void
  readonly engine?: HostEngine
}

export interface SimMicroHostOptions extends Pick<SimHostOptions, 'name' | 'families' | 'networks' | 'onError'> {
  /** A host whose addresses it has: two programs on one machine. Default: a machine of its own. */
  readonly beside?: Host
  /** Default `micro`. */
  readonly domain?: string
}

export interface MicroTransports {
  /** Hears the group. */
  readonly group: SimTransport
  /** Asks from a port of its own. */
  readonly asking: SimTransport
}

export interface SimPeerOptions extends StationOptions {
  /** Default: the default LAN. */
  readonly network?: Network
}

/** As it was before a test replaced the timers of the process. */
const { setImmediate } = globalThis

export class World {
  readonly clock = new VirtualClock()
  /** The default LAN. */
  readonly lan: Network
  readonly #seed: number
  readonly #families: readonly Family[]
  readonly #conditions: Partial<Conditions>
  readonly #networks = new Map<string, Network>()
  readonly #transports = new Map<Host, SimTransport>()
  readonly #microHosts = new Map<MicroHost, MicroTransports>()
  readonly #transcript: Transmission[] = []
  #peers = 0

  constructor({ seed = 1, families = [4, 6], ...conditions }: WorldOptions = {}) {
    this.#seed = seed
    this.#families = families
    this.#conditions = conditions
    this.lan = this.network('lan')
  }

  get now(): Instant {
    return this.clock.now()
  }

  get hosts(): readonly Host[] {
    return [...this.#transports.keys()]
  }

  /** Every datagram that was sent on any network, in order. */
  get transcript(): readonly Transmission[] {
    return this.#transcript
  }

  /** The network of this name, a new one if there is none yet. */
  network(name: string): Network {
    const known = this.#networks.get(name)
    if (known !== undefined) return known
    const subnet = this.#networks.size
    const random = seededRandom(this.#seed, -1 - subnet)
    const network = new Network({ clock: this.clock, random, name, subnet, conditions: this.#conditions })
    network.tap((transmission) => this.#transcript.push(transmission))
    this.#networks.set(name, network)
    return network
  }

  /** A host that is open when this returns. */
  host(options: SimHostOptions = {}): Host {
    const number = this.#transports.size + 1
    const { name = `host-${number}`, families = this.#families, networks = [this.lan], unicast = true } = options
    const transport = new SimTransport({ clock: this.clock, name })
    for (const network of networks) {
      transport.connect(network, { addresses: network.freshAddresses(families), unicast })
    }
    const host = new Host({
      clock: this.clock,
      random: seededRandom(this.#seed, number),
      transport,
      hostName: options.hostName ?? name,
      onError: options.onError,
      engine: options.engine,
    })
    this.#transports.set(host, transport)
    return host
  }

  /** A host that speaks go-micro's protocol, and is open when this returns. */
  microHost({ beside, domain, ...options }: SimMicroHostOptions = {}): MicroHost {
    const number = this.#microHosts.size + 1
    const { name = beside ? this.transport(beside).name : `micro-${number}`, networks = [this.lan] } = options
    const transport = new SimTransport({ clock: this.clock, name })
    const asking = new SimTransport({ clock: this.clock, name })
    for (const network of networks) {
      const shared = beside && this.transport(beside).interface(network)?.addresses
      const addresses = shared ?? network.freshAddresses(options.families ?? this.#families)
      transport.connect(network, { addresses })
      asking.connect(network, { addresses, queryOnly: true })
    }
    const random = seededRandom(this.#seed, 1_000_000 + number)
    const host = new MicroHost({
      clock: this.clock,
      random,
      transport,
      asking,
      hostName: name,
      domain,
      onError: options.onError,
    })
    this.#microHosts.set(host, { group: transport, asking })
    return host
  }

  peer(options: SimPeerOptions = {}): Peer {
    this.#peers += 1
    const { name = `peer-${this.#peers}`, families = this.#families, network = this.lan } = options
    return new Peer({ network, name, addresses: network.freshAddresses(families), now: () => this.now })
  }

  /** The interfaces of a host: to connect, disconnect and readdress them, or to let their sends fail. */
  transport(host: Host): SimTransport {
    const transport = this.#transports.get(host)
    if (transport === undefined) throw new RangeError('this host is not of this world')
    return transport
  }

  /** The same of a host that speaks go-micro's protocol, which has two at each of its interfaces. */
  transports(host: MicroHost): MicroTransports {
    const transports = this.#microHosts.get(host)
    if (transports === undefined) throw new RangeError('this host is not of this world')
    return transports
  }

  /** Where a host can be reached by unicast. */
  endpoint(host: Host, family: Family = 4, network: Network = this.lan): Endpoint {
    const addresses = this.transport(host).interface(network)?.addresses ?? []
    const found = addresses.find((own) => own.family === family)
    if (found === undefined) throw new RangeError(`no address of family ${family} on ${network.name}`)
    return { address: found.address, port: MDNS_PORT }
  }

  /** Lets `ms` milliseconds pass. */
  run(ms: number): void {
    this.clock.runTo(this.now + ms)
  }

  /** Lets time pass until `predicate` holds, event by event; false if it still does not after `limit` milliseconds. */
  runUntil(predicate: () => boolean, limit = 60_000): boolean {
    const end = this.now + limit
    while (!predicate()) {
      if (this.clock.step(end)) continue
      this.clock.runTo(end)
      return predicate()
    }
    return true
  }

  /** Lets time pass until `promise` is settled, and is as it is; rejects if it is not after `limit` milliseconds. */
  async until<T>(promise: Promise<T>, limit = 60_000): Promise<T> {
    const end = this.now + limit
    let settled = false
    const settle = () => {
      settled = true
    }
    promise.then(settle, settle)
    await macrotask()
    while (!settled && this.clock.step(end)) await macrotask()
    if (settled) return promise
    this.clock.runTo(end)
    throw new Error(`not settled after ${limit} ms of virtual time`)
  }

  /** From now on the groups do not hear each other, on any network; who is in none hears and reaches all. */
  partition(...groups: readonly (readonly (Host | Peer)[])[]): void {
    const names = groups.map((group) => group.map((each) => (each instanceof Peer ? each : this.transport(each)).name))
    for (const network of this.#networks.values()) network.partition(...names)
  }

  heal(): void {
    for (const network of this.#networks.values()) network.heal()
  }

  /** Closes all hosts, goodbyes included. */
  async close(): Promise<void> {
    await this.until(Promise.all([...this.hosts, ...this.#microHosts.keys()].map((host) => host.close())))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
