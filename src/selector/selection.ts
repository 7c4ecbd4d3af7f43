// Owns the choice of one node after the other for one purpose: filters, strategy, and how the nodes did.
// Does not own what is known of the service (pool.ts), which all its selections share.
import { RegistryError } from '../errors.ts'
import type { Node, Service } from '../registry/types.ts'
import type { Filter } from './filters.ts'
import type { History } from './history.ts'
import type { Pool } from './pool.ts'
import type { Candidate, Strategy } from './strategies.ts'

export interface SelectionParts {
  readonly service: string
  /** The pool, awake; throws ERR_CLOSED. */
  readonly pool: () => Pool
  readonly filters: readonly Filter[]
  readonly strategy: Strategy
  readonly random: () => number
  /** Milliseconds after which a failure counts no more. */
  readonly forgive: number
  readonly verify: (node: Node) => void
}

export class Selection {
  readonly #parts: SelectionParts
  #candidates: readonly Candidate[] = []
  #pool: Pool | undefined
  #revision = -1
  #isClosed = false

  constructor(parts: SelectionParts) {
    this.#parts = parts
  }

  /** The nodes that come into question now, ordered by version and id. */
  get nodes(): readonly Node[] {
    return this.#look(this.#open()).map(({ node }) => node)
  }

  /**
   * The next node to call, by what is known at this moment. Throws ERR_NONE_AVAILABLE when none comes into question,
   * and ERR_CLOSED once this, its selector or its registry is closed.
   */
  next(): Node {
    const { strategy, random, forgive } = this.#parts
    const pool = this.#open()
    pool.history.forgive(pool.use() - forgive)
    const candidates = this.#look(pool)
    const picked = candidates.length > 0 ? strategy(candidates, random) : undefined
    if (picked === undefined) throw noneAvailable(this.#parts.service)
    pool.history.pick(picked.node.id)
    return picked.node
  }

  /**
   * How a call of the node went. With an error it is remembered as failed, for all selections of this service, and the
   * registry asks whether it is still there; without one it is as if it had not failed. Does nothing once closed.
   */
  mark(node: Node, error?: unknown): void {
    if (this.#isClosed) return
    try {
      const pool = this.#parts.pool()
      if (error === undefined || error === null) {
        pool.history.clear(node.id)
        return
      }
      pool.history.fail(node.id, pool.use())
      this.#parts.verify(node)
    } catch (failure) {
      if (!(failure instanceof RegistryError && failure.code === 'ERR_CLOSED')) throw failure
    }
  }

  /** Forgets how the nodes of this service did, and where the round was. */
  reset(): void {
    this.#open().history.reset()
  }

  /** Nothing can be picked any more. May be called twice. */
  close(): void {
    this.#isClosed = true
    this.#candidates = []
    this.#pool = undefined
  }

  #open(): Pool {
    if (this.#isClosed) throw new RegistryError('ERR_CLOSED', 'This selection is closed; call select() again')
    return this.#parts.pool()
  }

  /** Filtered again only when something changed. */
  #look(pool: Pool): readonly Candidate[] {
    if (pool === this.#pool && pool.revision === this.#revision) return this.#candidates
    let services = pool.services
    for (const filter of this.#parts.filters) services = filter(services)
    this.#candidates = services.flatMap((service) =>
      service.nodes.map((node) => new Remembered(service, node, pool.history)),
    )
    this.#pool = pool
    this.#revision = pool.revision
    return this.#candidates
  }
}

class Remembered implements Candidate {
  readonly service: Service
  readonly node: Node
  readonly #history: History

  constructor(service: Service, node: Node, history: History) {
    this.service = service
    this.node = node
    this.#history = history
  }

  get lastPicked(): number {
    return this.#history.lastPicked(this.node.id)
  }

  get lastFailed(): number | undefined {
    return this.#history.lastFailed(this.node.id)
  }
}

export function noneAvailable(service: string): RegistryError {
  return new RegistryError(
    'ERR_NONE_AVAILABLE',
    `No node of the service '${service}' comes into question at present; look at the filters, or try again later`,
  )
}
