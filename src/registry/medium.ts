// Owns what differs between backends: how a node is made known, and how nodes are heard.
// Does not own the verbs (node-registry.ts), which are the same over every medium.
import type { HoldReason } from '../host/holds.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import type { NodeTable, Reason } from './node-table.ts'
import type { Node, Service } from './types.ts'

/** One node that is made known. */
export interface Announcement {
  /** Resolves once the node is announced, rejects with ERR_NAME_CONFLICT if another host has its id. */
  readonly ready: Promise<void>
  /** Changes what is known of the node in place; false if that cannot be done without withdrawing it. */
  update(service: Service): boolean
  /** Resolves once the goodbye is said. May be called twice. A reason other than 'goodbye' may not travel. */
  withdraw(reason?: Reason): Promise<void>
}

/** What is heard of one service, or of all. */
export interface View {
  readonly table: NodeTable
  /** How long it must be quiet before the first answer counts as complete, in milliseconds. */
  readonly quiet: number
  /** Whether something was heard of that is not known in full yet. */
  readonly pending: boolean
  /** Whether an answer was complete before, so that the table can be trusted from now on. */
  settled: boolean
  release(): void
}

export interface AnnounceOptions {
  /** Seconds for which others may believe in the node without hearing of it. */
  readonly ttl: number | undefined
  /** Called when the id is lost to another host after it was announced; the announcement has ended then. */
  readonly onLost: () => void
}

export interface Medium {
  readonly clock: Clock
  /** Throws a RegistryError if `service`, with exactly one node, is not for this medium; before anything is done. */
  check?(service: Service): void
  /** `service` has exactly one node. */
  announce(service: Service, options: AnnounceOptions): Announcement
  /** Of this service, or of all. Has to be released. */
  view(service: string | undefined): View
  verify(node: Node): void
  /** Keeps the process alive until cancelled; announcements do so themselves. */
  hold(reason: HoldReason): Cancel
  /** Resolves when every goodbye is said and no handle is left. */
  close(): Promise<void>
}
