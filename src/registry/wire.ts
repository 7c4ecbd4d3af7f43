// Owns what differs between the wire formats of one backend: how a node is said, and how nodes are heard.
// Does not own the views (views.ts) nor the verbs (node-registry.ts).
import type { RegistryError } from '../errors.ts'
import type { HoldReason } from '../host/holds.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import type { Instant } from '../mdns/types.ts'
import type { Announcement, AnnounceOptions } from './medium.ts'
import type { NodeKey, NodeTable } from './node-table.ts'
import type { Node, Service } from './types.ts'

/** Fills a table until it is stopped. */
export interface Listening {
  /** Whether something was heard of that is not known in full yet. */
  readonly pending: boolean
  /** When those who may answer were last asked, as the clock has it; undefined if that is not known. */
  readonly askedAt?: Instant | undefined
  stop(): void
}

export interface WireOptions<Host> {
  readonly host: Host
  /** Whether others use the host as well, so that it is not closed. */
  readonly shared: boolean
  readonly warn: (warning: RegistryError) => void
}

export interface Wire {
  readonly clock: Clock
  /** Milliseconds of silence after which an answer about one service, or about all, counts as complete. */
  readonly quiet: { readonly one: number; readonly all: number }
  /** What tells the nodes of this wire format from each other. */
  readonly key: NodeKey
  /** Throws a RegistryError if `service`, which has exactly one node, cannot be said; before anything is sent. */
  check?(service: Service): void
  /** `service` has exactly one node. */
  announce(service: Service, options: AnnounceOptions): Announcement
  /** Of this service, or of all. */
  listen(service: string | undefined, table: NodeTable): Listening
  verify(node: Node): void
  /** Keeps the process alive until cancelled. */
  hold(reason: HoldReason): Cancel
  /** Resolves when every goodbye is said and no handle is left. */
  close(): Promise<void>
}
