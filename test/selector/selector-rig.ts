// Owns a selector and another program that registers what it selects from, under a virtual clock.
// Does not own any expectation.
import { expect } from 'vitest'
import { createSelector, type SelectorOptions } from '../../src/create-selector.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import { MemoryStore, memoryBackend } from '../../src/registry/memory.ts'
import type { Node, Registry, ServiceInput, WatchOptions } from '../../src/registry/types.ts'
import type { Selector } from '../../src/selector/selector.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'

export const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })

/** The service foo in this version, with nodes of these ids. */
export function withNodes(version: string, ...ids: readonly string[]): ServiceInput {
  return { name: 'foo', version, nodes: ids.map((id) => ({ id, address: `198.18.0.11:${8_000 + id.charCodeAt(0)}` })) }
}

export class SelectorRig {
  readonly registry: Registry
  readonly selector: Selector
  readonly verified: string[] = []
  /** How many watches run. */
  watches = 0
  readonly #world = new World()
  readonly #there: Registry

  constructor(backend: 'memory' | 'mdns') {
    const memory = memoryBackend(this.#world.clock, Math.random)
    const mdns = mdnsBackend({ host: () => this.#world.host() }, Math.random)
    const store = new MemoryStore()
    const make = () => (backend === 'memory' ? memory({ store }) : mdns({}))
    this.registry = this.#counted(make())
    this.#there = make()
    this.selector = this.another()
  }

  get now(): number {
    return this.#world.now
  }

  another(options: SelectorOptions = {}): Selector {
    return createSelector(this.registry, { clock: this.#world.clock, random: seededRandom(1), ...options })
  }

  node(id: string): Node {
    return { id, address: '198.18.0.11:80', metadata: {} }
  }

  async register(...services: readonly ServiceInput[]): Promise<void> {
    await this.until(Promise.all(services.map((service) => this.#there.register(service))))
  }

  async deregister(service: ServiceInput): Promise<void> {
    await this.until(this.#there.deregister(service))
  }

  run(ms: number): Promise<void> {
    const { clock } = this.#world
    return this.until(new Promise((resolve) => clock.at(clock.now() + ms, () => resolve(undefined))))
  }

  until<T>(promise: Promise<T>): Promise<T> {
    return this.#world.until(promise, 1e9)
  }

  close(): Promise<unknown> {
    return this.until(Promise.all([this.registry.close(), this.#there.close()]))
  }

  #counted(registry: Registry): Registry {
    return new Proxy(registry, {
      get: (_, verb) => {
        if (verb === 'verify') return ({ id }: Node) => void this.verified.push(id)
        if (verb === 'watch') return (options: WatchOptions) => this.#watch(registry, options)
        const value: unknown = Reflect.get(registry, verb)
        return typeof value === 'function' ? value.bind(registry) : value
      },
    })
  }

  #watch(registry: Registry, options: WatchOptions) {
    const watcher = registry.watch(options)
    this.watches += 1
    return watcher.on('stop', () => {
      this.watches -= 1
    })
  }
}
