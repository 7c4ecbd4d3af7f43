// Owns the real network as a Transport: it keeps every link open that the machine has at the moment.
// Does not own the choice of links (links.ts) nor their sockets (link-socket.ts, query-socket.ts).
import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { asError } from '../errors.ts'
import type { Cancel, Clock, Transport, TransportListener } from '../host/ports.ts'
import { MDNS_PORT } from '../mdns/admission.ts'
import type { Instant, Link, Send } from '../mdns/types.ts'
import { systemClock } from './clock.ts'
import { type CreateSocket, codeOf } from './datagram-socket.ts'
import { keepAlive } from './keep-alive.ts'
import { LinkSocket, PortTakenError } from './link-socket.ts'
import { interfacesOf, type LinkCandidate, type LinkSelection, linksOf } from './links.ts'
import { memberships } from './memberships.ts'
import type { OpenLink, OpenLinkOptions } from './open-link.ts'
import { portHolders } from './port-holders.ts'
import { QuerySocket } from './query-socket.ts'
import { SleepWatch } from './sleep-watch.ts'

/** An address that was lost is gone at peers within three seconds, of which this is one and the grace another. */
const POLL_EVERY = 1000
/** After a failure the interfaces are looked at at once, but not more often than this. */
const POLL_AT_MOST_EVERY = 200
/** How long a port that another program holds is left alone. */
const ASK_FOR_PORT_EVERY = 30_000
const CHECK_MEMBERSHIPS_EVERY = 60_000
/** Soon enough for what was heard on the last link to be heard there before it is forgotten. */
const LOOPBACK_AFTER = 3_000
/** For so long a new IPv6 address may be on the list before it can be used, RFC 4862 §5.4; that is nobody's trouble. */
const TENTATIVE = 5_000

/** What came of the last try to open a link. Every try may fail in the same way for hours, which is worth one word. */
interface Refusal {
  /** When to try again. */
  readonly until: Instant
  /** Of the first failure of this kind in a row. */
  readonly since: Instant
  readonly message: string
  readonly told: boolean
}

export interface UdpOptions extends LinkSelection {
  /** Default 5353. Only transports with the same port hear each other. */
  readonly port?: number
  /** Asks from ports of its own and hears what is answered there, and nothing else; the port itself is left alone. */
  readonly queryOnly?: boolean
  readonly clock?: Clock
  /** Milliseconds of the time of day, to notice that the machine slept. */
  readonly wallClock?: () => number
  readonly networkInterfaces?: typeof networkInterfaces
  readonly memberships?: typeof memberships
  readonly portHolders?: typeof portHolders
  readonly createSocket?: CreateSocket
}

/** Multicast DNS on the machine's own interfaces, which may come, change and go while it is open. */
export class UdpTransport implements Transport {
  readonly #options: UdpOptions
  readonly #clock: Clock
  readonly #sleep = new SleepWatch()
  readonly #sockets = new Map<string, OpenLink>()
  /** Links whose sockets are of no more use. */
  readonly #broken = new Set<string>()
  /** Links that could not be opened. */
  readonly #refused = new Map<string, Refusal>()
  #on: TransportListener | undefined
  #polling: Promise<void> | undefined
  #cancelPoll: Cancel = () => {}
  #polledAt: Instant = 0
  /** When there was last an interface that leads out of this machine. */
  #outwardAt: Instant = Number.NEGATIVE_INFINITY
  #askForPortAt: Instant = 0
  #checkMembershipsAt: Instant = 0
  #told: string | undefined
  #closing: Promise<void> | undefined
  #letGo: Cancel = () => {}

  constructor(options: UdpOptions = {}) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  async open(on: TransportListener): Promise<void> {
    this.#on = on
    this.#askForPortAt = this.#clock.now() + ASK_FOR_PORT_EVERY
    this.#checkMembershipsAt = this.#clock.now() + CHECK_MEMBERSHIPS_EVERY
    await this.#poll()
  }

  send(send: Send): void {
    this.#sockets.get(send.link)?.send(send)
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  ref(alive: boolean): void {
    this.#letGo()
    this.#letGo = alive ? keepAlive() : () => {}
  }

  receiveBuffers(): ReadonlyMap<string, number> {
    return new Map([...this.#sockets].map(([id, socket]) => [id, socket.receiveBuffer]))
  }

  async #closeAll(): Promise<void> {
    this.#cancelPoll()
    await this.#polling
    await Promise.all([...this.#sockets.values()].map((socket) => socket.close()))
    this.#sockets.clear()
  }

  /** One at a time; never rejects. */
  #poll(): Promise<void> {
    this.#polledAt = this.#clock.now()
    this.#polling ??= this.#followInterfaces()
      .catch((error: unknown) => this.#refuse('*', asError(error)))
      .then(() => {
        this.#polling = undefined
        this.#tell()
        this.#watch()
        this.#pollAt(this.#polledAt + POLL_EVERY)
      })
    return this.#polling
  }

  #pollAt(when: Instant): void {
    this.#cancelPoll()
    if (!this.#closing) this.#cancelPoll = this.#clock.at(when, () => void this.#poll())
  }

  async #followInterfaces(): Promise<void> {
    const listing = (this.#options.networkInterfaces ?? networkInterfaces)()
    const candidates = this.#withoutHaste(linksOf(listing, this.#options))
    await this.#closeAllBut(candidates)
    await Promise.all(candidates.map((candidate) => this.#open(candidate)))
    await this.#askForPort()
    const all = interfacesOf(listing)
    const open = candidates.filter(({ id }) => this.#sockets.has(id))
    const joined = new Set(open.filter(({ family }) => family === 4).map(({ interface: on }) => on.name))
    for (const candidate of open) this.#sockets.get(candidate.id)?.update(candidate, all, joined)
  }

  /** Loopback is for a machine that has nothing else, not for one whose cable is out for a moment. */
  #withoutHaste(candidates: readonly LinkCandidate[]): readonly LinkCandidate[] {
    const now = this.#clock.now()
    const isOutward = candidates.some(({ interface: on }) => !on.loopback)
    if (isOutward) this.#outwardAt = now
    if (isOutward || now - this.#outwardAt >= LOOPBACK_AFTER) return candidates
    return candidates.filter(({ id }) => this.#sockets.has(id))
  }

  async #closeAllBut(candidates: readonly LinkCandidate[]): Promise<void> {
    const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]))
    for (const [id, socket] of this.#sockets) {
      const candidate = byId.get(id)
      if (candidate && socket.fits(candidate) && !this.#broken.has(id)) continue
      this.#sockets.delete(id)
      await socket.close()
    }
    for (const id of this.#refused.keys()) if (!byId.has(id)) this.#refused.delete(id)
    this.#broken.clear()
  }

  async #open(candidate: LinkCandidate): Promise<void> {
    const { id } = candidate
    const refused = this.#refused.get(id)
    const asking = this.#sockets.get(id)
    if (this.#options.queryOnly && asking) return
    if (asking instanceof LinkSocket || (refused && this.#clock.now() < refused.until)) return
    try {
      const kind = this.#options.queryOnly ? QuerySocket : LinkSocket
      this.#sockets.set(id, await kind.open(candidate, this.#linkOptions()))
      this.#refused.delete(id)
      await asking?.close()
    } catch (thrown) {
      const error = asError(thrown)
      this.#refuse(id, error)
      if (error instanceof PortTakenError && asking === undefined) await this.#openForQueries(candidate)
    }
  }

  #refuse(id: string, error: Error): void {
    const now = this.#clock.now()
    const { message } = error
    const last = this.#refused.get(id)
    const before = last?.message === message ? last : undefined
    // Taken for a moment, as by a program that tries whether it is free, is not yet taken for long.
    const until = now + (before && error instanceof PortTakenError ? ASK_FOR_PORT_EVERY : 0)
    const since = before?.since ?? now
    const isNews = before?.told !== true && now - since >= (codeOf(error) === 'EADDRNOTAVAIL' ? TENTATIVE : 0)
    this.#refused.set(id, { until, since, message, told: isNews || before?.told === true })
    if (isNews) this.#on?.failed(id, error)
  }

  /** What keeps even that from working was told, or will be, by the tries to open the link in full. */
  async #openForQueries(candidate: LinkCandidate): Promise<void> {
    const opened = await QuerySocket.open(candidate, this.#linkOptions()).catch(() => undefined)
    if (opened) this.#sockets.set(candidate.id, opened)
  }

  get #port(): number {
    return this.#options.port ?? MDNS_PORT
  }

  #linkOptions(): OpenLinkOptions {
    return {
      port: this.#port,
      clock: this.#clock,
      createSocket: this.#options.createSocket ?? createSocket,
      received: (datagram) => this.#on?.received(datagram),
      failed: (link, error, broken) => this.#failed(link, error, broken),
    }
  }

  #failed(link: string, error: Error, broken: boolean): void {
    this.#on?.failed(link, error)
    if (!broken) return
    this.#broken.add(link)
    if (!this.#polling) this.#pollAt(Math.max(this.#clock.now(), this.#polledAt + POLL_AT_MOST_EVERY))
  }

  /** The program that had the port when a link was opened may have ended, and another one may have come. */
  async #askForPort(): Promise<void> {
    const now = this.#clock.now()
    if (now < this.#askForPortAt) return
    this.#askForPortAt = now + ASK_FOR_PORT_EVERY
    const holders = (this.#options.portHolders ?? portHolders)(this.#port) ?? []
    for (const socket of this.#fullLinks()) {
      await socket.yieldUnicast(holders)
      await socket.claimUnicast().catch((error: unknown) => this.#on?.failed(socket.link.id, asError(error)))
    }
  }

  #fullLinks(): readonly LinkSocket[] {
    return [...this.#sockets.values()].filter((socket) => socket instanceof LinkSocket)
  }

  /** The system, a switch or a sleep may have taken us out of the group without a word. */
  #watch(): void {
    if (this.#closing) return
    const now = this.#clock.now()
    const slept = this.#sleep.hasSlept(now, (this.#options.wallClock ?? Date.now)())
    const joined = slept || now >= this.#checkMembershipsAt ? this.#memberships(now) : undefined
    for (const socket of this.#fullLinks()) {
      const { id } = socket.link
      const isDoubtful = socket.isDoubtful(now)
      const isOut = joined !== undefined && !joined.has(id)
      if (slept || isDoubtful || isOut) socket.rejoin()
      if (!slept && (isDoubtful || isOut)) this.#on?.rejoined(id)
    }
    if (slept) this.#on?.woken()
  }

  #memberships(now: Instant): ReadonlySet<string> | undefined {
    this.#checkMembershipsAt = now + CHECK_MEMBERSHIPS_EVERY
    return (this.#options.memberships ?? memberships)()
  }

  /** Tells the listener what links there are, if that has changed. */
  #tell(): void {
    const links: readonly Link[] = [...this.#sockets.values()].map((socket) => socket.link).sort(byId)
    const tale = JSON.stringify(links)
    if (tale === this.#told || this.#closing) return
    this.#told = tale
    this.#on?.links(links)
  }
}

/** A link that was opened again keeps its place. */
function byId(a: Link, b: Link): number {
  return a.id < b.id ? -1 : 1
}
