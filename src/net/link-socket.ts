// Owns the sockets of one link: how they are bound and joined, what they send, when they are closed.
// Does not own which links there are, nor when a link is opened again; udp.ts does.
import type { Socket } from 'node:dgram'
import { asError } from '../errors.ts'
import type { Endpoint, Instant, Link, Send } from '../mdns/types.ts'
import { bindOnLink } from './bind-on-link.ts'
import { closeSocket, codeOf, enlargeBuffer } from './datagram-socket.ts'
import { Departures } from './departures.ts'
import { GROUP, groupOn, multicastInterface, scopedOn } from './group.ts'
import { Hearing } from './hearing.ts'
import { type LinkCandidate, type NetworkInterface, withoutZone } from './links.ts'
import { isBroken, type OpenLink, type OpenLinkOptions } from './open-link.ts'
import { SourceFilter } from './source-filter.ts'

const ANY = { 4: '0.0.0.0', 6: '::' } as const
/** Elsewhere a socket that is bound to a group cannot send. */
const GROUP_SOCKET_SENDS = process.platform === 'linux'

/**
 * One socket is bound to the group, hears multicast only and, on Linux, can send. A second one is bound to the link's
 * own address and hears unicast only. The second is left out while another program holds the port: unicast goes to one
 * socket alone, and would be taken away from that program.
 */
export class LinkSocket implements OpenLink {
  #candidate: LinkCandidate
  readonly #options: OpenLinkOptions
  readonly #departures: Departures
  readonly #hearing = new Hearing()
  readonly #filter: SourceFilter
  #group: Socket | undefined
  #own: Socket | undefined
  #unicast = false
  #ownAddresses: ReadonlySet<string> = new Set()
  #receiveBuffer = 0
  #closing = false

  private constructor(candidate: LinkCandidate, options: OpenLinkOptions) {
    this.#candidate = candidate
    this.#options = options
    this.#departures = new Departures(options.clock)
    this.#filter = new SourceFilter(GROUP[candidate.family])
  }

  /** Rejects, with every socket closed again, when the link cannot be used. */
  static async open(candidate: LinkCandidate, options: OpenLinkOptions): Promise<LinkSocket> {
    const opened = new LinkSocket(candidate, options)
    try {
      // Asked first: where a group cannot be bound, the group socket itself would take the port.
      opened.#unicast = await opened.#portIsFree()
      opened.#group = await opened.#bindGroup()
      if (opened.#unicast || !GROUP_SOCKET_SENDS) await opened.#takeOwn()
      return opened
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  get link(): Link {
    const { id, family, interface: on } = this.#candidate
    return { id, interface: on.name, family, addresses: on.addresses, unicast: this.#unicast }
  }

  get receiveBuffer(): number {
    return this.#receiveBuffer
  }

  fits(candidate: LinkCandidate): boolean {
    return (
      this.#candidate.address === candidate.address &&
      this.#candidate.interface.identity === candidate.interface.identity
    )
  }

  update(candidate: LinkCandidate, all: readonly NetworkInterface[], links: ReadonlySet<string>): void {
    this.#candidate = candidate
    this.#ownAddresses = new Set(all.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
    if (this.#group) this.#filter.update(this.#group, candidate, all, links)
  }

  /** Opens the socket for unicast if the program that held the port has left it. Rejects with what bind gives. */
  async claimUnicast(): Promise<void> {
    if (this.#own || !(await this.#portIsFree())) return
    this.#unicast = true
    await this.#takeOwn()
  }

  /** Leaves unicast to a program that came later and takes it as well; `holders` are addresses that hold the port. */
  async yieldUnicast(holders: readonly string[]): Promise<void> {
    const own = this.#own
    if (own === undefined || !GROUP_SOCKET_SENDS) return
    const { family, address } = this.#candidate
    const rivals = holders.filter((holder) => holder === address || holder === ANY[family])
    if (rivals.length < 2) return
    this.#unicast = false
    this.#own = undefined
    await closeSocket(own)
  }

  /** Whether it may have become deaf: other hosts were heard, and have not been for long. */
  isDoubtful(now: Instant): boolean {
    return this.#hearing.isDoubtful(now)
  }

  /** Leaves the group and joins it again, which also tells the switches on the way. */
  rejoin(): void {
    const on = multicastInterface(this.#candidate)
    const group = GROUP[this.#candidate.family]
    try {
      this.#group?.dropMembership(group, on)
    } catch {
      // The system had dropped it already.
    }
    try {
      this.#group?.addMembership(group, on)
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') this.#fail(asError(error), true)
    }
  }

  /** Never throws. A unicast answer that fails says nothing about the link: the peer chose the address. */
  send({ to, bytes }: Send): void {
    if (to === 'group') {
      const target = { address: groupOn(this.#candidate), port: this.#options.port }
      this.#transmit(bytes, target, (error) => this.#fail(error, isBroken(codeOf(error))))
    } else this.#transmit(bytes, { address: scopedOn(this.#candidate, to.address), port: to.port }, () => {})
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#departures.allLanded()
    const sockets = [this.#group, this.#own].filter((socket) => socket !== undefined)
    this.#group = undefined
    this.#own = undefined
    await Promise.all(sockets.map(closeSocket))
  }

  #transmit(bytes: Uint8Array, to: Endpoint, failed: (error: Error) => void): void {
    const socket = this.#own ?? this.#group
    if (socket && !this.#closing) this.#departures.send(socket, bytes, to, failed)
  }

  /** RFC 6762 §15.1: unicast is sure to reach us if nobody else has the port when we come. */
  async #portIsFree(): Promise<boolean> {
    try {
      await closeSocket(
        await this.#bind(scopedOn(this.#candidate, this.#candidate.address), { shared: false, viaGroup: false }),
      )
      return true
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE') return false
      throw error
    }
  }

  /** Where a group cannot be bound, a socket bound to any address hears it as well. */
  async #bindGroup(): Promise<Socket> {
    const how = { shared: true, viaGroup: true }
    const { family } = this.#candidate
    const socket = await this.#bind(groupOn(this.#candidate), how).catch((error: unknown) => {
      if (codeOf(error) === 'EADDRINUSE') throw new PortTakenError(this.#options.port, error)
      return this.#bind(ANY[family], how)
    })
    try {
      socket.addMembership(GROUP[family], multicastInterface(this.#candidate))
    } catch (error) {
      await closeSocket(socket)
      throw error
    }
    this.#receiveBuffer = enlargeBuffer(socket)
    return socket
  }

  /** Another program may have taken the port since it was free, be it only to see whether it is. */
  async #takeOwn(): Promise<void> {
    try {
      this.#own = await this.#bind(scopedOn(this.#candidate, this.#candidate.address), {
        shared: true,
        viaGroup: false,
      })
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || !GROUP_SOCKET_SENDS) throw error
      this.#unicast = false
    }
  }

  #bind(address: string, { shared, viaGroup }: { shared: boolean; viaGroup: boolean }): Promise<Socket> {
    return bindOnLink(this.#candidate, this.#options, {
      at: { address, port: this.#options.port },
      shared,
      received: (bytes, from) => this.#receive(bytes, from, viaGroup),
    })
  }

  #receive(bytes: Uint8Array, from: Endpoint, viaGroup: boolean): void {
    if (this.#closing || (viaGroup && !this.#filter.admits(from.address))) return
    const { id } = this.#candidate
    const source = { address: withoutZone(from.address), port: from.port }
    if (viaGroup && !this.#ownAddresses.has(source.address)) this.#hearing.heard(this.#options.clock.now())
    this.#options.received({ link: id, from: source, viaGroup, bytes })
  }

  #fail(error: Error, broken: boolean): void {
    this.#options.failed(this.#candidate.id, error, broken)
  }
}

/** Another program holds the port and does not share it. */
export class PortTakenError extends Error {
  readonly code = 'EADDRINUSE'

  constructor(port: number, cause: unknown) {
    super(`UDP port ${port} is held by a program that does not share it; it is tried again every 30 seconds`, { cause })
  }
}
