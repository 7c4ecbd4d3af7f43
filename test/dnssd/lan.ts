// Owns what the tests of this folder share: DNS-SD on a simulated LAN, and a record of what a browser told.
// Does not own the LAN (src/sim) nor any expectation.
import type { Browser } from '../../src/dnssd/browser.ts'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import type { Host } from '../../src/host/host.ts'
import type { Peer } from '../../src/sim/peer.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { type SimHostOptions, World, type WorldOptions } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { CLASS_IN, type Message, type Name, type Rr, type RrType } from '../../src/wire/types.ts'

export interface Station {
  readonly name: string
  readonly host: Host
  readonly dnssd: Dnssd
  /** What its listeners threw. */
  readonly errors: unknown[]
}

export class Lan {
  readonly world: World

  constructor(options: WorldOptions = {}) {
    this.world = new World({ seed: 7, ...options })
  }

  station(name: string, options: SimHostOptions = {}): Station {
    const errors: unknown[] = []
    const random = seededRandom(7, this.world.hosts.length)
    const host = this.world.host({ name, onError: (error) => errors.push(error), ...options })
    return { name, host, dnssd: new Dnssd(host, { random }), errors }
  }

  /** The questions that a station has asked since an instant, as `PTR _http._tcp.local`. */
  questions(station: Pick<Station, 'name'>, since = 0): string[] {
    return this.messages(station, since)
      .filter((message) => !message.response)
      .flatMap((message) => message.questions.map(({ name, type }) => `${type} ${name}`))
  }

  messages(station: Pick<Station, 'name'>, since = 0): Message[] {
    const sent = this.world.transcript.filter(({ sender, at }) => sender === station.name && at >= since)
    return sent.map(({ bytes }) => decode(bytes))
  }
}

/** What the events of a browser said, one line each. */
export function linesOf(browser: Browser): string[] {
  const lines: string[] = []
  browser.on('up', ({ name, port }) => lines.push(`up ${name} ${port}`))
  browser.on('update', ({ name, port }) => lines.push(`update ${name} ${port}`))
  browser.on('down', ({ name }, reason) => lines.push(`down ${name} ${reason}`))
  return lines
}

/** Lets a peer say these records as a response to the group. */
export function say(peer: Peer, answers: readonly Rr[], additionals: readonly Rr[] = []): void {
  peer.send(encode({ response: true, answers, additionals }))
}

export function ptr(name: Name, target: Name, ttl = 4500): Rr {
  return { type: 'PTR', name, class: CLASS_IN, flush: false, ttl, target }
}

export function srv(name: Name, target: Name, port: number, ttl = 120, rank = { priority: 0, weight: 0 }): Rr {
  return { type: 'SRV', name, class: CLASS_IN, flush: true, ttl, port, target, ...rank }
}

export function txt(name: Name, data: Uint8Array, ttl = 4500): Rr {
  return { type: 'TXT', name, class: CLASS_IN, flush: true, ttl, data }
}

export function a(name: Name, address: string, ttl = 120): Rr {
  return { type: 'A', name, class: CLASS_IN, flush: true, ttl, address }
}

export function nsec(name: Name, types: readonly RrType[], ttl = 120): Rr {
  return { type: 'NSEC', name, class: CLASS_IN, flush: true, ttl, next: name, types }
}
