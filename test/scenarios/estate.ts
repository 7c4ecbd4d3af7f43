// Owns a LAN with many services and one that watches them, and what the watcher was told.
// Does not own what goes wrong on the LAN, nor any expectation.
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import type { Family, Instant } from '../../src/mdns/types.ts'
import type { Delivery } from '../../src/sim/network.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'

export interface EstateOptions {
  readonly seed: number
  readonly hosts: number
  /** Of each host. Default 1. */
  readonly services?: number
  /** What the LAN carries; every host has addresses of both all the same. Default both. */
  readonly families?: readonly Family[]
}

const TXT = { text: 'x'.repeat(94) }
const WATCHER = 'watcher'

/** Announced long enough ago that the hosts are quiet. To save time they hear the watcher and themselves alone. */
export class Estate {
  readonly world: World
  readonly #watcher: Dnssd
  /** When each service was first up, by its name. */
  readonly up = new Map<string, Instant>()
  /** When a service was reported down. */
  readonly downs: Instant[] = []

  constructor({ seed, hosts, services = 1, families = [4, 6] }: EstateOptions) {
    this.world = new World({ seed, families: [4, 4, 6] })
    const { lan } = this.world
    lan.intercept(({ sender, receiver, family }) => families.includes(family) && isHeard(sender, receiver))
    for (let host = 0; host < hosts; host++) {
      const dnssd = new Dnssd(this.world.host(), { random: seededRandom(seed, host) })
      for (let each = 0; each < services; each++) {
        dnssd.advertise({ name: `web ${host}.${each}`, type: 'http', port: 80, txt: TXT })
      }
    }
    this.world.run(5_000)
    this.#watcher = new Dnssd(this.world.host({ name: WATCHER }), { random: seededRandom(seed, hosts) })
  }

  /** Begins to watch; times are counted from here. */
  watch(): void {
    const from = this.world.now
    const browser = this.#watcher.browse('http')
    browser.on('up', ({ name }) => {
      if (!this.up.has(name)) this.up.set(name, this.world.now - from)
    })
    browser.on('down', () => this.downs.push(this.world.now - from))
  }

  /** From now on this share of all deliveries is lost. */
  lose(loss: number): void {
    this.world.lan.conditions = { ...this.world.lan.conditions, loss }
  }

  /** How many were up within so many milliseconds. */
  upWithin(ms: number): number {
    return [...this.up.values()].filter((at) => at <= ms).length
  }
}

/** Whether a delivery is a response to the watcher. */
export function isAnswer({ receiver, sender, bytes }: Delivery): boolean {
  return receiver === WATCHER && sender !== WATCHER && ((bytes[2] ?? 0) & 0x80) !== 0
}

function isHeard(sender: string, receiver: string): boolean {
  return sender === receiver || sender === WATCHER || receiver === WATCHER
}
