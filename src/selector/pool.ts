// Owns what a selector knows of one service: its nodes, kept up to date by a watch while it is used.
// Does not own how many of these there are (selector.ts) nor the choice among the nodes (selection.ts).
import { RegistryError } from '../errors.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import type { Instant } from '../mdns/types.ts'
import { mergeByVersion } from '../registry/node-table.ts'
import type { GetOptions, Registry, Result, Service, Watcher } from '../registry/types.ts'
import { History } from './history.ts'

export interface PoolOptions {
  readonly registry: Registry
  readonly service: string
  readonly clock: Clock
  /** Milliseconds without use after which the watch ends. */
  readonly idle: number
  readonly onSleep: () => void
}

const quietly = () => {}

export class Pool {
  readonly service: string
  readonly history = new History()
  /** Another number after every change. */
  revision = 0
  readonly #options: PoolOptions
  /** By node id, each with exactly this node. */
  readonly #entries = new Map<string, Service>()
  /** Ids that were known when it fell asleep and that nobody has spoken of since. */
  readonly #stale = new Set<string>()
  /** For each question that is open, the ids that the watch spoke of meanwhile: it knows better. */
  readonly #overheard = new Set<Set<string>>()
  #watcher: Watcher | undefined
  #isFilled = false
  #used: Instant = 0
  #cancelIdle: Cancel = quietly
  #merged: readonly Service[] | undefined

  constructor(options: PoolOptions) {
    this.#options = options
    this.service = options.service
  }

  get isAwake(): boolean {
    return this.#watcher !== undefined
  }

  get used(): Instant {
    return this.#used
  }

  /** One per version. */
  get services(): readonly Service[] {
    this.#merged ??= mergeByVersion([...this.#entries.values()])
    return this.#merged
  }

  /** It counts as used now. */
  use(): Instant {
    this.#used = this.#options.clock.now()
    return this.#used
  }

  /** Watches from now on; until it knows better it goes by what it knew. Throws ERR_CLOSED as the registry does. */
  wake(): void {
    if (this.#watcher) return
    // Unlike the watch of a program, it is no reason for the process to stay alive.
    const watcher = this.#options.registry.watch({ service: this.service, ref: false })
    this.#watcher = watcher
    for (const id of this.#entries.keys()) this.#stale.add(id)
    this.#arm(this.use())
    void this.#follow(watcher)
  }

  /** Resolves when there are nodes to choose from. Rejects with ERR_NOT_FOUND. */
  async fill(options: GetOptions = {}): Promise<void> {
    if (this.#isFilled && this.#entries.size > 0) return
    const overheard = new Set<string>()
    this.#overheard.add(overheard)
    try {
      this.#learn(await this.#options.registry.getService(this.service, options), overheard)
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'ERR_NOT_FOUND') this.#learn([], overheard)
      throw error
    } finally {
      this.#overheard.delete(overheard)
      // Names that nobody has are not watched for.
      if (this.#entries.size === 0 && this.#overheard.size === 0) this.sleep()
    }
  }

  /** The watch ends. What is known stays, for the next use. */
  sleep(): void {
    const watcher = this.#watcher
    if (watcher === undefined) return
    this.#watcher = undefined
    this.#isFilled = false
    this.#cancelIdle()
    watcher.stop()
    this.#options.onSleep()
  }

  #arm(used: Instant): void {
    const { clock, idle } = this.#options
    this.#cancelIdle = clock.at(used + idle, () => {
      if (this.#used > used) this.#arm(this.#used)
      else this.sleep()
    })
  }

  async #follow(watcher: Watcher): Promise<void> {
    try {
      for await (const result of watcher) if (this.#watcher === watcher) this.#hear(result)
    } catch {
      // Whatever ended the watch, the next use begins another one, or is told why it cannot.
    }
    if (this.#watcher === watcher) this.sleep()
  }

  #hear({ action, service }: Result): void {
    const id = service.nodes[0]?.id
    if (id === undefined) return
    for (const overheard of this.#overheard) overheard.add(id)
    this.#stale.delete(id)
    if (action === 'delete') this.#entries.delete(id)
    else this.#entries.set(id, service)
    this.#changed()
  }

  #learn(services: readonly Service[], overheard: ReadonlySet<string>): void {
    for (const service of services) {
      for (const node of service.nodes) {
        this.#stale.delete(node.id)
        if (!overheard.has(node.id)) this.#entries.set(node.id, { ...service, nodes: [node] })
      }
    }
    for (const id of this.#stale) this.#entries.delete(id)
    this.#stale.clear()
    this.#isFilled = true
    this.#changed()
  }

  #changed(): void {
    this.revision += 1
    this.#merged = undefined
  }
}
