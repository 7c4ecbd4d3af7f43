// Owns the experiment of services that change while datagrams are late, double or lost.
// Does not own how many seeds it takes.
import { expect } from 'vitest'
import type { Advertisement } from '../../src/dnssd/advertisement.ts'
import type { Service } from '../../src/dnssd/types.ts'
import type { Family } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import type { WorldOptions } from '../../src/sim/world.ts'
import { Lan, linesOf, type Station } from '../dnssd/lan.ts'

const HOSTS = 4
const CHANGES = 30
/** Milliseconds. */
const BETWEEN = 3_000
/** What was lost of an update is asked for when the old record has lived for four fifths of its TTL, or earlier. */
const SETTLED = 4_500_000

/** Two services on each host, which are advertised, changed and withdrawn as the seed wants it. */
class Changes {
  readonly #random: () => number
  readonly #live = new Map<string, Advertisement>()
  #count = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed, -1)
  }

  make(hosts: readonly Station[]): void {
    const host = hosts[this.#pick(hosts.length)]
    if (host === undefined) return
    const name = `${host.name}-${this.#pick(2)}`
    const news = { port: 1000 + this.#count, txt: { version: `${this.#count++}` } }
    const live = this.#live.get(name)
    if (live === undefined) this.#live.set(name, host.dnssd.advertise({ name, type: 'http', ...news }))
    else if (this.#pick(5) > 1) live.update(news)
    else {
      live.withdraw()
      this.#live.delete(name)
    }
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count)
  }
}

/** What a watcher was told of the changes, and what it knows in the end. */
function watched(seed: number, options: WorldOptions): { events: number; state: readonly string[] } {
  const lan = new Lan({ seed, ...options })
  const hosts = Array.from({ length: HOSTS }, (_, i) => lan.station(`host-${i}`))
  const browser = lan.station('watcher').dnssd.browse('http')
  const lines = linesOf(browser)
  const changes = new Changes(seed)
  for (let i = 0; i < CHANGES; i++) {
    changes.make(hosts)
    lan.world.run(BETWEEN)
  }
  lan.world.run(SETTLED)
  return { events: lines.length, state: browser.services.map(plain).sort() }
}

function plain({ name, host, port, addresses, txt }: Service): string {
  return JSON.stringify([name, host, port, addresses.map(({ address }) => address).sort(), [...txt].map(String)])
}

/** What a watcher knows in the end is what it would know if all had arrived in order. */
export function expectSameEnd(seeds: number, families: readonly Family[]): void {
  for (let seed = 0; seed < seeds; seed++) {
    const clean = watched(seed, { families })
    const disordered = watched(seed, { families, latency: [0, 2_000], duplicate: 0.2, loss: 0.1 })
    expect(disordered.state, `seed ${seed}`).toEqual(clean.state)
    expect(disordered.events, `seed ${seed}`).toBeLessThanOrEqual(clean.events + CHANGES)
    expect(clean.events).toBe(CHANGES)
  }
}
