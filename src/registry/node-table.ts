// Owns the nodes that are known at present, by id, and the diff that each change makes.
// Does not own where the news comes from (medium.ts), nor who is told what when (watcher.ts).
import { isDeepStrictEqual } from 'node:util'
import type { Cancel } from '../host/ports.ts'
import { foldLabel } from './label.ts'
import type { Result, Service } from './types.ts'

export type Listener = (result: Result) => void
export type Reason = NonNullable<Result['reason']>

/** What tells one node from another: its id alone, or within its service. */
export type NodeKey = (service: string, id: string) => string

/** Ids are equal without regard to ASCII case, whatever the service. */
export const byId: NodeKey = (_, id) => foldLabel(id)

/** Each service has ids of its own. */
export const byServiceAndId: NodeKey = (service, id) => `${foldLabel(id)}\0${service}`

/** Each entry is a service with exactly one node, frozen to the bottom. */
export class NodeTable {
  readonly #key: NodeKey
  readonly #entries = new Map<string, Service>()
  readonly #listeners = new Set<{ readonly listener: Listener }>()

  constructor(key: NodeKey = byId) {
    this.#key = key
  }

  /** `service` has exactly one node. One that changed its service or version is another one from now on. */
  put(service: Service): void {
    const [node] = service.nodes
    if (node === undefined) return
    const key = this.#key(service.name, node.id)
    const previous = this.#entries.get(key)
    if (isDeepStrictEqual(previous, service)) return
    const entry = freeze(service)
    const replaces = previous?.name === entry.name && previous.version === entry.version
    if (previous && !replaces) this.#remove(key, 'goodbye')
    this.#entries.set(key, entry)
    this.#tell({ action: replaces ? 'update' : 'create', service: entry })
  }

  /** The service is of no account where ids are unique. */
  remove(id: string, reason: Reason, service = ''): void {
    this.#remove(this.#key(service, id), reason)
  }

  get(id: string, service = ''): Service | undefined {
    return this.#entries.get(this.#key(service, id))
  }

  /** One entry per node, of this service or of all. */
  nodesOf(service: string | undefined): readonly Service[] {
    const all = [...this.#entries.values()]
    return service === undefined ? all : all.filter(({ name }) => name === service)
  }

  on(listener: Listener): Cancel {
    const entry = { listener }
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  #remove(key: string, reason: Reason): void {
    const service = this.#entries.get(key)
    if (service === undefined) return
    this.#entries.delete(key)
    this.#tell({ action: 'delete', service, reason })
  }

  #tell(result: Result): void {
    Object.freeze(result)
    for (const { listener } of [...this.#listeners]) listener(result)
  }
}

/** One service per name and version with all of its nodes, in an order that depends on nothing but their names. */
export function mergeByVersion(entries: readonly Service[]): readonly Service[] {
  const merged = new Map<string, Service>()
  for (const entry of [...entries].sort(inOrder)) {
    const key = JSON.stringify([entry.name, entry.version])
    const known = merged.get(key)
    merged.set(key, known ? { ...known, nodes: [...known.nodes, ...entry.nodes] } : { ...entry })
  }
  return [...merged.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
}

function inOrder(a: Service, b: Service): number {
  return compare(a.nodes[0]?.id ?? '', b.nodes[0]?.id ?? '')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const child of Object.values(value)) freeze(child)
  return Object.freeze(value)
}
