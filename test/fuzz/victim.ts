// Owns the victim: a host with publications, questions, a browser and a registry, and what must hold of it.
// Does not own what it is fed with.
import { expect } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import type { Host } from '../../src/host/host.ts'
import type { Random } from '../../src/mdns/types.ts'
import type { MicroHost } from '../../src/micro/micro-host.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import type { Registry } from '../../src/registry/types.ts'
import type { Peer, PeerSend } from '../../src/sim/peer.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { WireError } from '../../src/wire/errors.ts'
import { printMessage } from '../../src/wire/print.ts'
import { HOST, instance, TYPE } from '../mdns/records.ts'
import { service } from '../scenarios/service.ts'

/** Milliseconds that one datagram may take. */
const BOUND = 10

export class Victim {
  readonly #world: World
  readonly #host: Host
  readonly #micro: MicroHost
  readonly #dnssd: Dnssd
  readonly #registry: Registry
  readonly #attacker: Peer
  readonly #random: Random
  readonly #errors: unknown[] = []

  constructor(random: Random) {
    this.#random = random
    this.#world = new World({ seed: Math.floor(random() * 2 ** 31), latency: 0 })
    this.#host = this.#world.host({ name: 'victim', onError: (error) => this.#errors.push(error) }) // X
    this.#attacker = this.#world.peer()
    for (let n = 0; n < 3; n++) this.#host.publish(service(`own ${n}`))
    this.#host.ask(HOST, 'A', () => {})
    this.#host.ask(instance('other'), 'SRV', () => {})
    this.#dnssd = new Dnssd(this.#host, { random })
    this.#dnssd.browse('http')
    this.#dnssd.types()
    const microHost = this.#world.microHost({ beside: this.#host, onError: (error) => this.#errors.push(error) })
    const backend = mdnsBackend({ host: () => this.#host }, random)
    this.#registry = backend({ host: this.#host, microHost, wire: ['dns-sd', 'go-micro'] })
    this.#registry.watch()
    void this.#registry.register({ name: 'greeter', nodes: [{ id: 'greeter-9', address: ':9' }] }).catch(() => {})
    this.#micro = microHost
    // In some rounds the datagrams meet probes, in others announcements, in most a settled host.
    this.#world.run((random() < 0.3 ? 1_500 : 40_000) * random())
  }

  /** One datagram, one way or another; then a while that is mostly short and at times longer than any record lives. */
  feed(bytes: Uint8Array): void {
    checkCodec(bytes)
    const send = this.#way()
    if (this.#cost(bytes, send) > BOUND) {
      // The machine may have had something else to do: what is slow is slow again.
      const again = [1, 2, 3].map(() => this.#cost(bytes, send)).sort((one, other) => one - other)
      expect(again[1], 'milliseconds').toBeLessThanOrEqual(BOUND)
    }
    this.#world.run(this.#random() < 0.01 ? 5_000_000 * this.#random() : 3_000 * this.#random() ** 6)
    this.#meddle()
    expect(this.#errors).toEqual([])
  }

  /** No timer may be left. */
  async close(): Promise<void> {
    await this.#world.until(this.#registry.close())
    await this.#world.until(this.#dnssd.close())
    await this.#world.until(this.#micro.close())
    this.#world.run(1)
    expect(this.#world.clock.next, 'a timer that is left').toBe(Number.POSITIVE_INFINITY)
    expect(this.#errors).toEqual([])
  }

  #pick<T>(...items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.#random() * items.length)] ?? items[0]
  }

  #way(): PeerSend {
    const family = this.#pick(4, 4, 6)
    const port = this.#pick(5353, 5353, 5353, 40_000, 0)
    const own = { address: this.#attacker.address(family), port }
    const from = this.#random() < 0.2 ? { address: family === 4 ? '203.0.113.9' : '2001:db9::9', port } : own
    const isReachable = this.#host.links.length > 0 && this.#random() < 0.2
    return { to: isReachable ? this.#world.endpoint(this.#host, family) : 'group', family, from }
  }

  #cost(bytes: Uint8Array, send: PeerSend): number {
    const before = performance.now()
    this.#attacker.send(bytes, send)
    this.#world.run(0)
    return performance.now() - before
  }

  /** The program goes on using its host meanwhile. */
  #meddle(): void {
    const luck = this.#random()
    if (luck < 0.02) this.#host.publish(service(`own ${this.#pick(0, 1, 2)}`))
    else if (luck < 0.03) this.#host.withdraw(service(`own ${this.#pick(0, 1, 2)}`).id)
    else if (luck < 0.04) this.#host.reconfirm(TYPE, 'PTR')
    else if (luck < 0.05) this.#host.reconfirm(TYPE, 'PTR', instance('other'))
    else if (luck < 0.06) this.#world.transport(this.#host).disconnect(this.#world.lan)
    else if (luck < 0.09 && this.#host.links.length === 0) {
      const addresses = this.#world.lan.freshAddresses([4, 6])
      this.#world.transport(this.#host).connect(this.#world.lan, { addresses })
    }
  }
}

/** Whatever can be read can be printed, and written again unless it is too large. */
function checkCodec(bytes: Uint8Array): void {
  try {
    const message = decode(bytes)
    printMessage(message)
    expect(decode(encode(message)).answers.length).toBe(message.answers.length)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
}
