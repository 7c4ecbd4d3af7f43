// Owns the question whether a multicast datagram came in on the link whose socket heard it.
// Does not own the socket; dgram tells a source address and never the interface, so the answer has to be worked out.
import type { Socket } from 'node:dgram'
import { Subnets } from '../mdns/subnets.ts'
import { codeOf } from './datagram-socket.ts'
import type { LinkCandidate, NetworkInterface } from './links.ts'

/** An address of the reserved class E: no datagram ever comes from there. */
const NOBODY = '240.0.0.1'
/**
 * So many looks at the interfaces after the last time each other link is shut out again, lest one was replaced unseen.
 * That it is shut out already is an exception, too dear for each look on a machine with many links.
 */
const SHUT_OUT_AGAIN = 10

/**
 * On Linux an IPv4 socket hears the group on every interface where anybody has joined it, unless the socket has a
 * membership of its own there with a list of sources. So the socket joins on the other links for the sake of a source
 * that never sends, and hears nothing from them. Interfaces that are no links stay untouched, no packet leaves through
 * them; what they let in is told by its source address. An IPv6 socket is bound to one interface and needs none of it.
 */
export class SourceFilter {
  readonly #group: string
  #own = new Subnets([])
  #foreign = new Subnets([])
  /** Until it is known which links there are, nothing can be told apart, so nothing is let in. */
  #known = false
  #exact = false
  #zone = ''
  /** Links that are shut out, and of which nothing is queued any more. */
  #silent: ReadonlySet<string> = new Set()
  /** Links that are shut out, and of which something may be. */
  #draining: readonly string[] = []
  #heard = 0
  #looks = 0

  constructor(group: string) {
    this.#group = group
  }

  /** To be called again with each look at the interfaces, whether they or the links have changed or not. */
  update(socket: Socket, candidate: LinkCandidate, all: readonly NetworkInterface[], links: ReadonlySet<string>): void {
    this.#known = true
    this.#zone = candidate.interface.zone
    this.#exact = candidate.family === 6
    if (this.#exact) return
    this.#own = subnets([candidate.interface])
    const others = all.filter(({ name }) => name !== candidate.interface.name)
    const isDue = this.#looks++ % SHUT_OUT_AGAIN === 0
    const isShut = (other: NetworkInterface) => !isDue && this.#silent.has(keyOf(other))
    const shutOut = others.filter((other) => links.has(other.name) && (isShut(other) || this.#shutOut(socket, other)))
    const shut = shutOut.map(keyOf)
    this.#silent = new Set(shut.filter((key) => this.#silent.has(key)))
    this.#draining = shut
    if (this.#silent.size < shut.length) this.#awaitDrained(shut)
    const foreign = others.filter((other) => !this.#silent.has(keyOf(other)))
    this.#foreign = subnets(foreign)
    this.#exact = foreign.length === 0
  }

  /** RFC 6762 §11: whatever came to the group is on-link, also from an address outside of every known subnet. */
  admits(source: string): boolean {
    this.#heard++
    if (!this.#known) return false
    const percent = source.indexOf('%')
    if (percent >= 0) return source.slice(percent + 1) === this.#zone
    return this.#exact || this.#own.contains(source) || !this.#foreign.contains(source)
  }

  /**
   * A turn of the event loop in which nothing was heard has left nothing in the queue of the socket. It cannot be told
   * by the clock: a process that was stuck looks at the interfaces again before it reads what came in the meantime.
   */
  #awaitDrained(shut: readonly string[], before?: number): void {
    setImmediate(() => {
      if (this.#draining !== shut) return
      if (before === this.#heard) this.#silent = new Set(shut)
      else this.#awaitDrained(shut, this.#heard)
    })
  }

  #shutOut(socket: Socket, other: NetworkInterface): boolean {
    const address = other.addresses.find(({ family }) => family === 4)?.address
    if (process.platform !== 'linux' || address === undefined) return false
    try {
      socket.addSourceSpecificMembership(NOBODY, this.#group, address)
      return true
    } catch (error) {
      // That is how Linux says that the membership exists.
      return codeOf(error) === 'EADDRNOTAVAIL'
    }
  }
}

/** One that is replaced by another of the same name is not the same. */
function keyOf({ name, identity }: NetworkInterface): string {
  return `${name} ${identity}`
}

function subnets(interfaces: readonly NetworkInterface[]): Subnets {
  return new Subnets(interfaces.flatMap(({ addresses }) => addresses.filter(({ family }) => family === 4)))
}
