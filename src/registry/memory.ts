// Owns the backend `memory`: registries of one process that see each other through a shared store, without a network.
// Does not own the verbs (node-registry.ts).
import { RegistryError } from '../errors.ts'
import type { HoldReason } from '../host/holds.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import { formatAddress, parseAddress } from './address.ts'
import { foldLabel } from './label.ts'
import type { Announcement, AnnounceOptions, Medium, View } from './medium.ts'
import { NodeRegistry } from './node-registry.ts'
import { NodeTable, type Reason } from './node-table.ts'
import type { BackendFactory, RegistryOptions, Service } from './types.ts'

/** What the registries of one process share; each has its own unless it is given one. */
export class MemoryStore {
  readonly table = new NodeTable()
  /** Whose node an id is. */
  readonly owners = new Map<string, symbol>()
}

export interface MemoryOptions extends RegistryOptions {
  readonly store?: MemoryStore
  readonly clock?: Clock
  readonly random?: () => number
  /** Whether what is registered or watched keeps the process alive. Default true. */
  readonly ref?: boolean
}

/** Keeps the process alive until cancelled. */
export type KeepAlive = () => Cancel

const doNothing: KeepAlive = () => () => {}

/** A factory whose registries take `clock` and `random` unless they are given a clock of their own. */
export function memoryBackend(clock: Clock, random: () => number, keepAlive = doNothing): BackendFactory {
  return (options: MemoryOptions) => {
    const { store = new MemoryStore(), ref = true } = options
    const medium = new MemoryMedium({ store, clock: options.clock ?? clock, ref, keepAlive })
    return new NodeRegistry({ name: 'memory', options, random: options.random ?? random, open: () => medium })
  }
}

interface MediumParts {
  readonly store: MemoryStore
  readonly clock: Clock
  readonly ref: boolean
  readonly keepAlive: KeepAlive
}

class MemoryMedium implements Medium {
  readonly clock: Clock
  readonly #store: MemoryStore
  readonly #ref: boolean
  readonly #keepAlive: KeepAlive
  readonly #announcements = new Set<Announcement>()

  constructor({ store, clock, ref, keepAlive }: MediumParts) {
    this.#store = store
    this.clock = clock
    this.#ref = ref
    this.#keepAlive = keepAlive
  }

  announce(service: Service, _: AnnounceOptions): Announcement {
    const letGo = this.hold('standing')
    const announcement = new MemoryAnnouncement(this.#store, service, () => {
      letGo()
      this.#announcements.delete(announcement)
    })
    this.#announcements.add(announcement)
    return announcement
  }

  view(): View {
    return { table: this.#store.table, quiet: 0, pending: false, settled: true, release: () => {} }
  }

  /** Nobody but the owner can take a node out of memory, so there is nothing to ask. */
  verify(): void {}

  hold(reason: HoldReason): Cancel {
    return this.#ref || reason === 'call' ? this.#keepAlive() : () => {}
  }

  async close(): Promise<void> {
    for (const announcement of [...this.#announcements]) await announcement.withdraw()
  }
}

class MemoryAnnouncement implements Announcement {
  readonly ready: Promise<void>
  readonly #store: MemoryStore
  readonly #id: string
  readonly #owner = Symbol('owner')
  readonly #onEnd: () => void

  constructor(store: MemoryStore, service: Service, onEnd: () => void) {
    this.#store = store
    this.#id = service.nodes[0]?.id ?? ''
    this.#onEnd = onEnd
    const taken = store.owners.has(foldLabel(this.#id))
    this.ready = taken ? Promise.reject(conflict(this.#id)) : Promise.resolve()
    this.ready.catch(() => {})
    if (taken) return
    store.owners.set(foldLabel(this.#id), this.#owner)
    store.table.put(reachable(service))
  }

  update(service: Service): boolean {
    if (this.#isOwner) this.#store.table.put(reachable(service))
    return true
  }

  async withdraw(reason: Reason = 'goodbye'): Promise<void> {
    this.#onEnd()
    if (!this.#isOwner) return
    this.#store.owners.delete(foldLabel(this.#id))
    this.#store.table.remove(this.#id, reason)
  }

  get #isOwner(): boolean {
    return this.#store.owners.get(foldLabel(this.#id)) === this.#owner
  }
}

/** A wildcard address is reached over the loopback interface. */
function reachable(service: Service): Service {
  const nodes = service.nodes.map((node) => {
    const address = parseAddress(node.address)
    return address.kind === 'wildcard' ? { ...node, address: formatAddress('127.0.0.1', address.port) } : node
  })
  return { ...service, nodes }
}

function conflict(id: string): RegistryError {
  return new RegistryError('ERR_NAME_CONFLICT', `The node id '${id}' is taken; choose another one`)
}
