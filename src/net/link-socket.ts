// Owns the sockets of one link: how they are bound and joined, what they send, when they are closed.
// Does not own which links there are, nor when a link is opened again; udp.ts does.
import type { Socket } from 'node:dgram'
import type { Clock } from '../host/ports.ts'
import type { Endpoint, Link, Received, Send } from '../mdns/types.ts'
import { bindSocket, type CreateSocket, closeSocket, codeOf, sendFrom } from './datagram-socket.ts'
import { isLinkLocal6, type LinkCandidate, type NetworkInterface, withoutZone } from './links.ts'
import { SourceFilter } from './source-filter.ts'

/** RFC 6762 §3. */
const GROUP = { 4: '224.0.0.251', 6: 'ff02::fb' } as const
/** Measured: five seconds without a read, at 1,000 datagrams a second, lose nothing with it and 90 % without. */
const RECEIVE_BUFFER = 4 * 1024 * 1024
const CLOSE_WITHIN = 500
const RETRY_FULL_QUEUE_AFTER = 50
/** Elsewhere a socket that is bound to a group cannot send. */
const GROUP_SOCKET_SENDS = process.platform === 'linux'
/** What sending to the group gives when the interface has lost the address that the socket sends from. */
const BROKEN = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'ENODEV', 'ERR_SOCKET_DGRAM_NOT_RUNNING'])

export interface LinkSocketOptions {
  readonly port: number
  /** Whether the open sockets keep the process alive. */
  readonly ref: boolean
  readonly clock: Clock
  readonly createSocket: CreateSocket
  received(datagram: Received): void
  /** `broken` means that the link is of no more use until it is opened again. */
  failed(link: string, error: Error, broken: boolean): void
}

/**
 * One socket is bound to the group, hears multicast only and, on Linux, can send. A second one is bound to the link's
 * own address and hears unicast only. The second is left out while another program holds the port: unicast goes to one
 * socket alone, and would be taken away from that program.
 */
export class LinkSocket {
  #candidate: LinkCandidate
  readonly #options: LinkSocketOptions
  readonly #filter: SourceFilter
  #group: Socket | undefined
  #own: Socket | undefined
  #unicast = false
  #receiveBuffer = 0
  #inFlight = 0
  #landed: () => void = () => {}
  #closing = false

  private constructor(candidate: LinkCandidate, options: LinkSocketOptions) {
    this.#candidate = candidate
    this.#options = options
    this.#filter = new SourceFilter(GROUP[candidate.family])
  }

  /** Rejects, with every socket closed again, when the link cannot be used. */
  static async open(candidate: LinkCandidate, options: LinkSocketOptions): Promise<LinkSocket> {
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

  /** Bytes, as the operating system granted them. */
  get receiveBuffer(): number {
    return this.#receiveBuffer
  }

  /** Whether the sockets still fit an interface that was listed again. */
  fits(candidate: LinkCandidate): boolean {
    return (
      this.#candidate.address === candidate.address &&
      this.#candidate.interface.identity === candidate.interface.identity
    )
  }

  /** Takes note of other addresses, interfaces and links; the link's own sockets stay. */
  update(candidate: LinkCandidate, all: readonly NetworkInterface[], links: ReadonlySet<string>): void {
    this.#candidate = candidate
    if (this.#group) this.#filter.update(this.#group, candidate, all, links)
  }

  /** Opens the socket for unicast if the program that held the port has left it. Rejects with what bind gives. */
  async claimUnicast(): Promise<void> {
    if (this.#own || !(await this.#portIsFree())) return
    this.#unicast = true
    await this.#takeOwn()
  }

  /** Never throws. A unicast answer that fails says nothing about the link: the peer chose the address. */
  send({ to, bytes }: Send): void {
    if (to === 'group') {
      const target = { address: this.#groupAddress(), port: this.#options.port }
      this.#transmit(bytes, target, (error) => this.#fail(error, BROKEN.has(codeOf(error))))
    } else this.#transmit(bytes, { address: this.#scoped(to.address), port: to.port }, () => {})
  }

  /** Resolves when the handles are closed, which waits for what is still on its way, but not for long. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#allLanded()
    const sockets = [this.#group, this.#own].filter((socket) => socket !== undefined)
    this.#group = undefined
    this.#own = undefined
    await Promise.all(sockets.map(closeSocket))
  }

  #allLanded(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    const { clock } = this.#options
    return new Promise((resolve) => {
      const giveUp = clock.at(clock.now() + CLOSE_WITHIN, resolve)
      this.#landed = () => {
        giveUp()
        resolve()
      }
    })
  }

  /** A datagram that finds the queue full is sent once more. */
  #transmit(bytes: Uint8Array, to: Endpoint, failed: (error: Error) => void): void {
    const socket = this.#own ?? this.#group
    if (!socket || this.#closing) return
    const land = (error: Error | null) => {
      this.#inFlight -= 1
      if (error) failed(error)
      if (this.#inFlight === 0) this.#landed()
    }
    this.#inFlight += 1
    sendFrom(socket, bytes, to, (error) => {
      if (codeOf(error) !== 'ENOBUFS') return land(error)
      const { clock } = this.#options
      clock.at(clock.now() + RETRY_FULL_QUEUE_AFTER, () => sendFrom(socket, bytes, to, land))
    })
  }

  /** RFC 6762 §15.1: unicast is sure to reach us if nobody else has the port when we come. */
  async #portIsFree(): Promise<boolean> {
    try {
      await closeSocket(await this.#bind(this.#scoped(this.#candidate.address), { shared: false, viaGroup: false }))
      return true
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE') return false
      throw error
    }
  }

  /** Where a group cannot be bound, a socket bound to any address hears it as well. */
  async #bindGroup(): Promise<Socket> {
    const how = { shared: true, viaGroup: true }
    const { family, address } = this.#candidate
    const socket = await this.#bind(this.#groupAddress(), how).catch((error: unknown) => {
      if (codeOf(error) === 'EADDRINUSE') throw portIsTaken(this.#options.port, error)
      return this.#bind(family === 6 ? '::' : '0.0.0.0', how)
    })
    try {
      socket.addMembership(GROUP[family], family === 6 ? this.#scope() : address)
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
      this.#own = await this.#bind(this.#scoped(this.#candidate.address), { shared: true, viaGroup: false })
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || !GROUP_SOCKET_SENDS) throw error
      this.#unicast = false
    }
  }

  async #bind(address: string, { shared, viaGroup }: { shared: boolean; viaGroup: boolean }): Promise<Socket> {
    const { family } = this.#candidate
    const { createSocket, port, ref } = this.#options
    const socket = await bindSocket(
      {
        family,
        shared,
        createSocket,
        received: (bytes, from) => this.#receive(bytes, from, viaGroup),
        failed: (error) => this.#fail(error, true),
      },
      { address, port },
    )
    try {
      if (!ref) socket.unref()
      socket.setMulticastInterface(family === 6 ? this.#scope() : this.#candidate.address)
      socket.setMulticastTTL(255)
      socket.setTTL(255)
      socket.setMulticastLoopback(true)
      return socket
    } catch (error) {
      await closeSocket(socket)
      throw error
    }
  }

  #receive(bytes: Uint8Array, from: Endpoint, viaGroup: boolean): void {
    if (this.#closing || (viaGroup && !this.#filter.admits(from.address))) return
    const { id } = this.#candidate
    const source = { address: withoutZone(from.address), port: from.port }
    this.#options.received({ link: id, from: source, viaGroup, bytes })
  }

  #fail(error: Error, broken: boolean): void {
    this.#options.failed(this.#candidate.id, error, broken)
  }

  #groupAddress(): string {
    return this.#candidate.family === 6 ? `${GROUP[6]}%${this.#candidate.interface.zone}` : GROUP[4]
  }

  #scope(): string {
    return `::%${this.#candidate.interface.zone}`
  }

  #scoped(address: string): string {
    return isLinkLocal6(address) ? `${address}%${this.#candidate.interface.zone}` : address
  }
}

/** A small buffer is no reason to do without the link. */
function enlargeBuffer(socket: Socket): number {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER)
    return socket.getRecvBufferSize()
  } catch {
    return 0
  }
}

function portIsTaken(port: number, cause: unknown): Error {
  const message = `UDP port ${port} is held by a program that does not share it; it is tried again every 30 seconds`
  return Object.assign(new Error(message, { cause }), { code: 'EADDRINUSE' })
}
