// Owns the target of the hostile tests: a whole host with a registry, a browser and publications, and a stranger.
// Does not own any attack nor what it must not achieve.
import { expect } from 'vitest'
import type { Browser } from '../../src/dnssd/browser.ts'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import type { Host } from '../../src/host/host.ts'
import type { HostEvent } from '../../src/host/host-event.ts'
import type { Family } from '../../src/mdns/types.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import type { Registry, Service } from '../../src/registry/types.ts'
import type { Transmission } from '../../src/sim/network.ts'
import type { Peer, PeerSend } from '../../src/sim/peer.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Message, Question, Rr } from '../../src/wire/types.ts'
import { service } from '../scenarios/service.ts'

export const SECOND = 1_000

export interface TargetOptions {
  readonly seed?: number
  readonly families?: readonly Family[]
  /** How many services it publishes, besides the node of its registry: `own 0`, `own 1` and so on. */
  readonly services?: number
}

/** One that has announced all it has, and browses `_http._tcp` as well as the whole registry. */
export class Target {
  readonly world: World
  readonly host: Host
  /** For browsing alone: the publications are the registry's and the host's. */
  readonly dnssd: Dnssd
  readonly registry: Registry
  readonly browser: Browser
  readonly stranger: Peer
  readonly errors: unknown[] = []
  readonly events: HostEvent[] = []
  /** What the browser told: `up web`, `down web expired`. */
  readonly lines: string[] = []
  /** Datagrams and bytes that the target sent since it was made. */
  sent = 0
  bytesSent = 0
  #kept: Transmission[] = []

  private constructor({ seed = 1, families = [4], services = 3 }: TargetOptions) {
    this.world = new World({ seed, families, latency: 0 })
    this.host = this.world.host({ name: 'target', onError: (error) => this.errors.push(error) })
    this.host.on((event) => {
      if (event.kind !== 'dropped') this.events.push(event)
    })
    this.world.lan.tap((transmission) => this.#saw(transmission))
    this.stranger = this.world.peer({ name: 'stranger' })
    const backend = mdnsBackend({ host: () => this.host }, seededRandom(seed, 77))
    this.registry = backend({ host: this.host })
    this.dnssd = new Dnssd(this.host, { random: seededRandom(seed, 78) })
    for (let n = 0; n < services; n++) this.host.publish(service(`own ${n}`))
    this.browser = this.dnssd.browse('http')
    this.browser.on('up', ({ name }) => this.lines.push(`up ${name}`))
    this.browser.on('down', ({ name }, reason) => this.lines.push(`down ${name} ${reason}`))
  }

  static async settled(options: TargetOptions = {}): Promise<Target> {
    const target = new Target(options)
    const node = { id: 'node-1', address: ':8080', metadata: {} }
    await target.world.until(target.registry.register({ name: 'greeter', version: '1', nodes: [node] }))
    target.registry.watch()
    // Its questions are now half a minute apart, and the next ones are due in half a minute.
    target.world.run(33 * SECOND)
    target.take()
    return target
  }

  #saw(transmission: Transmission): void {
    if (transmission.sender !== 'target') return
    this.sent += 1
    this.bytesSent += transmission.bytes.length
    this.#kept.push(transmission)
  }

  /** What the target sent since the last call; what the world remembers of it all is forgotten. */
  take(): readonly Transmission[] {
    const taken = this.#kept
    this.#kept = []
    const remembered = this.world.transcript as Transmission[]
    remembered.length = 0
    this.stranger.heard.length = 0
    return taken
  }

  /** As `take`, read. */
  messages(): readonly Message[] {
    return this.take().map(({ bytes }) => decode(bytes))
  }

  say(message: Partial<Message>, send: PeerSend = {}): void {
    this.stranger.send(encode(message), send)
  }

  respond(answers: readonly Rr[], send: PeerSend = {}): void {
    this.say({ response: true, answers }, send)
  }

  ask(questions: readonly Question[], message: Partial<Message> = {}, send: PeerSend = {}): void {
    this.say({ questions, ...message }, send)
  }

  run(ms: number): void {
    this.world.run(ms)
  }

  get cached(): number {
    return this.host.inspect().links.reduce((sum, { cached }) => sum + cached, 0)
  }

  /** The services that the program sees, in both ways that it may look. */
  find(name: string): Promise<readonly Service[]> {
    return this.world.until(this.registry.getService(name))
  }

  /** Nothing was thrown, and what the target owns is still there and answered for. */
  async expectWell(): Promise<void> {
    expect(this.errors).toEqual([])
    expect(this.host.stats.errors).toBe(0)
    const services = await this.find('greeter')
    expect(services.flatMap(({ nodes }) => nodes).map(({ id }) => id)).toContain('node-1')
    expect(this.browser.services.map(({ name }) => name)).toEqual(expect.arrayContaining(['own 0']))
  }

  /** Ends everything; no timer may be left. */
  async expectEnd(): Promise<void> {
    await this.world.until(this.registry.close())
    await this.world.until(this.dnssd.close())
    // Its last goodbyes arrive.
    this.run(1)
    expect(this.world.clock.next).toBe(Number.POSITIVE_INFINITY)
    expect(this.errors).toEqual([])
  }
}

/** The least processor time, in milliseconds, of a few runs: what else the machine does is not counted. */
export function costOf(run: () => void, times = 5): number {
  let least = Number.POSITIVE_INFINITY
  for (let n = 0; n < times; n++) {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1_000)
  }
  return least
}
