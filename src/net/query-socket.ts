// Owns the one socket of a link on which another program has port 5353 to itself: it asks from a port of its own.
// Does not own the wait for that port; udp.ts tries to open the link in full from time to time.
import type { Socket } from 'node:dgram'
import type { Link, Send } from '../mdns/types.ts'
import { bindOnLink } from './bind-on-link.ts'
import { closeSocket, codeOf, enlargeBuffer } from './datagram-socket.ts'
import { Departures } from './departures.ts'
import { groupOn, scopedOn } from './group.ts'
import { type LinkCandidate, withoutZone } from './links.ts'
import { isBroken, type OpenLink, type OpenLinkOptions } from './open-link.ts'

/** RFC 6762 §5.1: answers come to the port that was asked from, by unicast; nothing else is heard. */
export class QuerySocket implements OpenLink {
  #candidate: LinkCandidate
  readonly #options: OpenLinkOptions
  readonly #departures: Departures
  #socket: Socket | undefined
  #receiveBuffer = 0

  private constructor(candidate: LinkCandidate, options: OpenLinkOptions) {
    this.#candidate = candidate
    this.#options = options
    this.#departures = new Departures(options.clock)
  }

  /** Rejects when the link cannot be used. */
  static async open(candidate: LinkCandidate, options: OpenLinkOptions): Promise<QuerySocket> {
    const opened = new QuerySocket(candidate, options)
    await opened.#bind()
    return opened
  }

  get link(): Link {
    const { id, family, interface: on } = this.#candidate
    return { id, interface: on.name, family, addresses: on.addresses, unicast: false, queryOnly: true }
  }

  get receiveBuffer(): number {
    return this.#receiveBuffer
  }

  fits({ address, interface: { identity } }: LinkCandidate): boolean {
    return this.#candidate.address === address && this.#candidate.interface.identity === identity
  }

  update(candidate: LinkCandidate): void {
    this.#candidate = candidate
  }

  /** There is nothing to tell anybody in particular, as nobody can ask us. */
  send({ to, bytes }: Send): void {
    if (this.#socket === undefined || to !== 'group') return
    const { id } = this.#candidate
    const group = { address: groupOn(this.#candidate), port: this.#options.port }
    this.#departures.send(this.#socket, bytes, group, (error) => {
      this.#options.failed(id, error, isBroken(codeOf(error)))
    })
  }

  async close(): Promise<void> {
    await this.#departures.allLanded()
    const socket = this.#socket
    this.#socket = undefined
    if (socket) await closeSocket(socket)
  }

  async #bind(): Promise<void> {
    const { address, id } = this.#candidate
    this.#socket = await bindOnLink(this.#candidate, this.#options, {
      at: { address: scopedOn(this.#candidate, address), port: 0 },
      shared: false,
      received: (bytes, from) => {
        const source = { address: withoutZone(from.address), port: from.port }
        this.#options.received({ link: id, from: source, viaGroup: false, bytes })
      },
    })
    this.#receiveBuffer = enlargeBuffer(this.#socket)
  }
}
