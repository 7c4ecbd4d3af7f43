// Owns a registry whose calls are written down with their time, and which fails or hangs when it is told to.
// Does not own any expectation, nor the verbs themselves: a registry in memory or on a simulated LAN has them.
import { type KeepOptions, keepRegistered } from '../../src/keep-registered.ts'
import type { KeptRegistration, ServiceSource } from '../../src/lifecycle/kept-registration.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import { MemoryStore, memoryBackend } from '../../src/registry/memory.ts'
import type { RegisterOptions, Registry, Service, ServiceInput } from '../../src/registry/types.ts'
import { World } from '../../src/sim/world.ts'

export type Backend = 'memory' | 'mdns'

export const greeter: ServiceInput = {
  name: 'greeter',
  version: '1.0.0',
  nodes: [{ id: 'greeter-1', address: '198.18.0.11:8080' }],
}

export class KeptRig {
  readonly world = new World()
  readonly registry: Registry
  /** Another program on the same link. */
  readonly there: Registry
  /** `<milliseconds> <verb> <node ids>` */
  readonly calls: string[] = []
  /** `<milliseconds> <event> …` of everything that is kept. */
  readonly story: string[] = []
  /** What the next registrations end with, instead of being made: an error, or `hang` until its signal is aborted. */
  readonly failures: (Error | 'hang')[] = []
  readonly deregisterFailures: Error[] = []
  /** How many registrations run at a time, at most. */
  atOnce = 0
  /** Milliseconds in which another program would have heard of a node. */
  readonly #patience: number
  #running = 0

  constructor(backend: Backend = 'memory') {
    const { clock } = this.world
    this.#patience = backend === 'memory' ? 1 : 1_500
    const memory = memoryBackend(clock, Math.random)
    const mdns = mdnsBackend({ host: () => this.world.host() }, Math.random)
    const store = new MemoryStore()
    const make = () => (backend === 'memory' ? memory({ store }) : mdns({}))
    this.registry = this.#recorded(make())
    this.there = make()
  }

  get now(): number {
    return this.world.now
  }

  keep(service: ServiceSource = greeter, options: KeepOptions = {}): KeptRegistration {
    const { clock } = this.world
    const kept = keepRegistered(this.registry, service, { clock, random: () => 0, ref: false, ...options })
    kept.on('registered', (service) => this.#note('registered', idsOf(service)))
    kept.on('renewed', (service) => this.#note('renewed', idsOf(service)))
    kept.on('deregistered', (reason) => this.#note('deregistered', reason))
    kept.on('failed', (error) => this.#note('failed', 'code' in error ? String(error.code) : error.message))
    return kept
  }

  run(ms: number): Promise<void> {
    const { clock } = this.world
    return this.until(new Promise((resolve) => clock.at(clock.now() + ms, () => resolve(undefined))))
  }

  until<T>(promise: Promise<T>): Promise<T> {
    return this.world.until(promise, 1e9)
  }

  /** The times of the calls of a verb, in milliseconds. */
  times(verb: string): readonly number[] {
    return this.calls.filter((call) => call.split(' ')[1] === verb).map((call) => Number.parseFloat(call))
  }

  /** The node ids that another program sees. */
  async seen(service = 'greeter'): Promise<readonly string[]> {
    const found = await this.until(this.there.getService(service, { timeout: this.#patience }).catch(() => []))
    return found.flatMap(({ nodes }) => nodes.map(({ id }) => id))
  }

  close(): Promise<unknown> {
    return this.until(Promise.all([this.registry.close(), this.there.close()]))
  }

  #note(event: string, what: string): void {
    this.story.push(`${Math.round(this.now)} ${event} ${what}`)
  }

  #recorded(registry: Registry): Registry {
    return new Proxy(registry, {
      get: (_, verb) => {
        if (verb === 'register')
          return (service: ServiceInput, options: RegisterOptions) => this.#register(registry, service, options)
        if (verb === 'deregister') return (service: ServiceInput) => this.#deregister(registry, service)
        const value: unknown = Reflect.get(registry, verb)
        return typeof value === 'function' ? value.bind(registry) : value
      },
    })
  }

  async #register(registry: Registry, service: ServiceInput, options: RegisterOptions): Promise<Service> {
    this.calls.push(`${Math.round(this.now)} register ${idsOf(service)} ${options.ttl}`)
    this.#running += 1
    this.atOnce = Math.max(this.atOnce, this.#running)
    try {
      const failure = this.failures.shift()
      if (failure === 'hang') return await new Promise(() => {})
      if (failure) throw failure
      return await registry.register(service, options)
    } finally {
      this.#running -= 1
    }
  }

  async #deregister(registry: Registry, service: ServiceInput): Promise<void> {
    this.calls.push(`${Math.round(this.now)} deregister ${idsOf(service)}`)
    const failure = this.deregisterFailures.shift()
    if (failure) throw failure
    await registry.deregister(service)
  }
}

function idsOf(service: ServiceInput): string {
  const nodes: unknown = service?.nodes
  return Array.isArray(nodes) ? nodes.map(({ id }) => id ?? '?').join(',') : 'nothing'
}
