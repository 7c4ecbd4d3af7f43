// Owns the services that are selected from: which of them are watched, and for how long.
// Does not own what is known of one (pool.ts) nor the choice of a node (selection.ts).
import { RegistryError } from '../errors.ts'
import type { Clock } from '../host/ports.ts'
import type { GetOptions, Registry } from '../registry/types.ts'
import type { Filter } from './filters.ts'
import { Pool } from './pool.ts'
import { noneAvailable, Selection } from './selection.ts'
import { type Strategy, type StrategyName, strategyOf } from './strategies.ts'

/** Services that are watched at a time; beyond this the longest unused is watched no more. */
export const MAX_WATCHED = 64

export interface SelectOptions extends Pick<GetOptions, 'timeout' | 'signal'> {
  /** Default: that of the selector. */
  readonly strategy?: StrategyName | Strategy
  /** Applied in their order, after those of the selector. */
  readonly filters?: readonly Filter[]
}

export interface SelectorParts {
  readonly registry: Registry
  readonly clock: Clock
  readonly random: () => number
  readonly strategy: StrategyName | Strategy
  readonly filters: readonly Filter[]
  /** Milliseconds. */
  readonly idle: number
  /** Milliseconds. */
  readonly forgive: number
}

export class Selector {
  readonly #parts: SelectorParts
  /** Those that are awake, by service. */
  readonly #pools = new Map<string, Pool>()
  #isClosed = false

  constructor(parts: SelectorParts) {
    this.#parts = parts
    strategyOf(parts.strategy)
  }

  /** The services that are watched now. */
  get watched(): readonly string[] {
    return [...this.#pools.keys()]
  }

  /**
   * Resolves with a selection as soon as a node of the service is known: at once if the service was selected from
   * before. Rejects with ERR_NOT_FOUND if none is found in time, with ERR_NONE_AVAILABLE if the filters leave none,
   * with ERR_INVALID_STRATEGY, with ERR_CLOSED, and with the reason of the signal.
   */
  async select(service: string, options: SelectOptions = {}): Promise<Selection> {
    const { timeout, signal } = options
    signal?.throwIfAborted()
    const { registry, random, forgive } = this.#parts
    const strategy = strategyOf(options.strategy ?? this.#parts.strategy)
    let pool = this.#acquire(service)
    pool.use()
    const selection = new Selection({
      service,
      strategy,
      filters: [...this.#parts.filters, ...(options.filters ?? [])],
      random,
      forgive,
      verify: (node) => registry.verify(node),
      pool: () => {
        if (!pool.isAwake) pool = this.#acquire(service, pool)
        return pool
      },
    })
    await pool.fill({ ...(timeout === undefined ? {} : { timeout }), ...(signal ? { signal } : {}) })
    if (selection.nodes.length === 0) throw noneAvailable(service)
    return selection
  }

  /** Ends every watch; selections throw ERR_CLOSED from now on. May be called twice. */
  close(): void {
    this.#isClosed = true
    for (const pool of [...this.#pools.values()]) pool.sleep()
  }

  /** The pool of this service, awake; `asleep` is woken if there is no other. */
  #acquire(service: string, asleep?: Pool): Pool {
    if (this.#isClosed) throw new RegistryError('ERR_CLOSED', 'This selector is closed; create another one')
    const known = this.#pools.get(service)
    if (known) return known
    const pool = asleep ?? this.#create(service)
    pool.wake()
    this.#pools.set(service, pool)
    this.#makeRoom()
    if (asleep) pool.fill().catch(() => {})
    return pool
  }

  #create(service: string): Pool {
    const { registry, clock, idle } = this.#parts
    return new Pool({ registry, service, clock, idle, onSleep: () => void this.#pools.delete(service) })
  }

  #makeRoom(): void {
    if (this.#pools.size <= MAX_WATCHED) return
    const [oldest] = [...this.#pools.values()].sort((a, b) => a.used - b.used)
    oldest?.sleep()
  }
}
