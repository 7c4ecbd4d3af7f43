// Owns the Transport over a multicast-dns instance that a program has already, so that both share one socket.
// Does not own the instance, which stays open and its owner's, nor how datagrams pass through it (carrier.ts).
import type { Socket } from 'node:dgram'
import { errorMonitor } from 'node:events'
import { networkInterfaces } from 'node:os'
import { asError, RegistryError } from '../errors.ts'
import type { Cancel, Clock, Transport, TransportListener } from '../host/ports.ts'
import { MDNS_PORT } from '../mdns/admission.ts'
import { Echoes } from '../mdns/echoes.ts'
import { LIMITS } from '../mdns/limits.ts'
import { Subnets } from '../mdns/subnets.ts'
import type { Endpoint, Family, Instant, Link, Send } from '../mdns/types.ts'
import { type Carrier, notRunning } from './carrier.ts'
import { systemClock } from './clock.ts'
import { GROUP, scopedOn } from './group.ts'
import { InFlight } from './in-flight.ts'
import { type InstanceLink, instanceLink, isOwnAddress } from './instance-link.ts'
import { keepAlive } from './keep-alive.ts'
import { withoutZone } from './links.ts'
import { type MulticastDnsInstance, PacketCarrier } from './packet-carrier.ts'
import { SleepWatch } from './sleep-watch.ts'
import { SocketCarrier } from './socket-carrier.ts'

const LOOK_EVERY = 1000
/** After a failure the interfaces are looked at at once, but not more often than this. */
const LOOK_AT_MOST_EVERY = 200
/** A socket is bound within milliseconds, if its owner means to. */
const OPEN_WITHIN = 1000

/** With this as its interface, an instance leaves the choice to the operating system, as it does without one. */
const ANY_INTERFACE = '0.0.0.0'

/** The first five are what the instance was made with, as far as it was given them. */
export interface MulticastDnsOptions {
  /** With the socket, bytes are read and sent as they are; without it, every packet is translated. */
  readonly socket?: Socket | undefined
  /** Default `udp4`. */
  readonly type?: 'udp4' | 'udp6' | undefined
  /** Default 5353. */
  readonly port?: number | undefined
  /** The group's address. */
  readonly ip?: string | undefined
  /** Of the interface to send on, an address, or `::%name` for IPv6. Default: as the operating system chooses. */
  readonly interface?: string | undefined
  readonly clock?: Clock | undefined
  /** Milliseconds of the time of day, to notice that the machine slept. */
  readonly wallClock?: (() => number) | undefined
  readonly networkInterfaces?: typeof networkInterfaces | undefined
}

/**
 * A transport for `createRegistry` and `createDnssd` over a multicast-dns instance, such as `bonjour.server.mdns` of
 * bonjour-service. It can be opened once. Closing it leaves the instance as it was.
 *
 * There are two ways through an instance. With its socket, datagrams go both ways untouched. The socket of an instance
 * that was made elsewhere cannot be reached; then there are only its packets, which lose what dns-packet loses. Which
 * dots of a name that comes in stand within a label is worked out by what names look like in DNS-SD, bytes that are not
 * UTF-8 are gone, and messages are larger for want of compression, so that more datagrams are needed. What goes out is
 * right or, where it cannot be expressed, left out and told as a failure.
 */
export function multicastDns(instance: MulticastDnsInstance, options: MulticastDnsOptions = {}): Transport {
  return new MulticastDnsTransport(instance, options)
}

class MulticastDnsTransport implements Transport {
  readonly #instance: MulticastDnsInstance
  readonly #family: Family
  readonly #port: number
  readonly #interface: string | undefined
  readonly #networkInterfaces: typeof networkInterfaces
  readonly #clock: Clock
  readonly #wallClock: () => number
  readonly #sleep = new SleepWatch()
  readonly #carrier: Carrier
  readonly #inFlight: InFlight
  /** Errors are only watched: to listen to them is to hide them, from an owner who does not, and whose program ends. */
  readonly #listeners: readonly (readonly [string | symbol, (error: unknown) => void])[] = [
    [errorMonitor, (error) => this.#failed(error)],
    ['ready', () => this.#recovered()],
    ['networkInterface', () => this.#joined()],
  ]
  /** What was sent of late, to know it when it comes back: its source is the address that the instance sends from. */
  readonly #echoes = new Echoes(LIMITS.echoes)
  #on: TransportListener | undefined
  #place: InstanceLink | undefined
  #subnets = new Subnets([])
  #heardFrom: string | undefined
  /** The instance could not bind; each send would make it try, and fail, again. */
  #refused = false
  /** Why the interfaces could not be listed the last time; that may stay so for hours. */
  #unlisted: string | undefined
  #cancelLook: Cancel = () => {}
  #lookedAt: Instant = Number.NEGATIVE_INFINITY
  #told: string | undefined
  #opened: () => void = () => {}
  #closing: Promise<void> | undefined
  #letGo: Cancel = () => {}

  constructor(instance: MulticastDnsInstance, options: MulticastDnsOptions) {
    const { socket, ip, clock = systemClock, type = 'udp4', port = MDNS_PORT } = options
    this.#instance = instance
    this.#port = port
    this.#interface = options.interface === ANY_INTERFACE ? undefined : options.interface
    this.#networkInterfaces = options.networkInterfaces ?? networkInterfaces
    this.#clock = clock
    this.#wallClock = options.wallClock ?? Date.now
    this.#family = type === 'udp6' ? 6 : 4
    this.#inFlight = new InFlight(clock)
    this.#carrier = socket
      ? new SocketCarrier(socket, { address: ip ?? GROUP[this.#family], port })
      : new PacketCarrier(instance, this.#family, clock)
  }

  async open(on: TransportListener): Promise<void> {
    if (this.#on || this.#closing) {
      throw new RegistryError('ERR_CLOSED', 'This transport was opened before; make another with multicastDns().')
    }
    this.#on = on
    for (const [event, listener] of this.#listeners) this.#instance.on(event, listener)
    this.#carrier.listen({
      received: (bytes, from) => this.#received(bytes, from),
      changed: () => this.#changed(),
    })
    if (this.#carrier.state === 'opening') await this.#whenOpen()
    if (this.#carrier.state === 'closed') on.failed('*', notRunning())
    this.#look()
  }

  send({ link, to, bytes }: Send): void {
    if (link !== this.#place?.link.id || this.#closing) return
    if (to === 'group') this.#echoes.remember(bytes, this.#clock.now())
    this.#inFlight.leave()
    let landed = false
    const land = (error: Error | null): void => {
      if (landed) return
      landed = true
      this.#inFlight.land()
      // A unicast answer that fails says nothing about the link: the peer chose the address.
      if (error && to === 'group') this.#unsent(link, error)
    }
    try {
      this.#carrier.send(bytes, to === 'group' ? to : this.#outward(to), land)
    } catch (error) {
      land(asError(error))
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#opened()
    this.#cancelLook()
    for (const [event, listener] of this.#listeners) this.#instance.removeListener(event, listener)
    this.#carrier.unlisten()
    await this.#inFlight.allLanded()
  }

  /** The socket is its owner's, who may have let go of it. */
  ref(alive: boolean): void {
    this.#letGo()
    this.#letGo = alive ? keepAlive() : () => {}
  }

  #whenOpen(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = this.#clock.at(this.#clock.now() + OPEN_WITHIN, resolve)
      this.#opened = () => {
        giveUp()
        resolve()
      }
    })
  }

  #failed(error: unknown): void {
    this.#refused = true
    this.#on?.failed(this.#place?.link.id ?? '*', asError(error))
    this.#changed()
  }

  #recovered(): void {
    this.#refused = false
    this.#changed()
  }

  /** The instance has found an address to join the group on, be it one that came back. */
  #joined(): void {
    const before = this.#place?.link.id
    this.#changed()
    if (before !== undefined && before === this.#place?.link.id) this.#on?.rejoined(before)
  }

  #changed(): void {
    this.#opened()
    if (this.#told === undefined) return
    if (this.#carrier.state === 'closed') this.#on?.failed(this.#place?.link.id ?? '*', notRunning())
    this.#look()
  }

  #unsent(link: string, error: Error): void {
    if (this.#closing || this.#carrier.state === 'closed') return
    this.#on?.failed(link, error)
    this.#lookAt(Math.max(this.#clock.now(), this.#lookedAt + LOOK_AT_MOST_EVERY))
  }

  /** Tells the listener what link there is, if that has changed. */
  #look(): void {
    if (this.#closing) return
    const now = this.#clock.now()
    this.#lookedAt = now
    this.#lookAt(now + LOOK_EVERY)
    this.#place = this.#find()
    this.#tell(this.#place ? [this.#place.link] : [])
    if (this.#sleep.hasSlept(now, this.#wallClock())) this.#on?.woken()
  }

  #tell(links: readonly Link[]): void {
    const tale = JSON.stringify(links)
    if (tale === this.#told) return
    this.#told = tale
    this.#subnets = new Subnets(links.flatMap(({ addresses }) => addresses))
    this.#on?.links(links)
  }

  #lookAt(when: Instant): void {
    this.#cancelLook()
    this.#cancelLook = this.#carrier.state === 'closed' ? () => {} : this.#clock.at(when, () => this.#look())
  }

  #find(): InstanceLink | undefined {
    if (this.#refused || this.#carrier.state !== 'open') return undefined
    try {
      const found = this.#findIn(this.#networkInterfaces())
      this.#unlisted = undefined
      return found
    } catch (thrown) {
      const error = asError(thrown)
      if (this.#unlisted !== error.message) this.#on?.failed('*', error)
      this.#unlisted = error.message
      return this.#place
    }
  }

  #findIn(listing: ReturnType<typeof networkInterfaces>): InstanceLink | undefined {
    // Another host may have sent the same; and an address of ours may have gone.
    if (this.#heardFrom && !isOwnAddress(listing, this.#heardFrom)) this.#heardFrom = undefined
    return instanceLink(listing, { family: this.#family, interface: this.#interface, heardFrom: this.#heardFrom })
  }

  /**
   * RFC 6762 §11: where nobody tells whether a datagram came to the group, its source address has to be on the link. So
   * nothing is taken in, either, that was heard on one of the interfaces on which the instance only listens.
   */
  #received(bytes: Uint8Array, from: Endpoint): void {
    if (this.#refused) this.#recovered()
    const address = withoutZone(from.address)
    this.#learn(bytes, address)
    if (!this.#place || this.#closing) return
    const { link, candidate } = this.#place
    if (from.address.includes('%') && from.address !== `${address}%${candidate.interface.zone}`) return
    const port = from.port === this.#port ? MDNS_PORT : from.port
    this.#on?.received({ link: link.id, from: { address, port }, viaGroup: this.#subnets.contains(address), bytes })
  }

  /** Where the operating system chooses, the source of our own datagrams tells what it chose. */
  #learn(bytes: Uint8Array, address: string): void {
    if (this.#heardFrom !== undefined || !this.#echoes.has(bytes, this.#clock.now())) return
    this.#heardFrom = address
    this.#look()
  }

  /** Inside it is always port 5353; and a link-local address means nothing without its zone. */
  #outward({ address, port }: Endpoint): Endpoint {
    const scoped = this.#place ? scopedOn(this.#place.candidate, address) : address
    return { address: scoped, port: port === MDNS_PORT ? this.#port : port }
  }
}
