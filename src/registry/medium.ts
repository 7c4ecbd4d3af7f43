// Owns what differs between backends: how a node is made known, and how nodes are heard.
// Does not own the verbs (node-registry.ts), which are the same over every medium.
import type { HoldReason } from '../host/holds.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import type { Instant } from '../mdns/types.ts'
import type { NodeTable, Reason } from './node-table.ts'
import type { Node, Service } from './types.ts'

/** One node that is made known. */
export interface Announcement {
  /**
   * Resolves once the node is announced as it is now, rejects with ERR_NAME_CONFLICT if another host has its id. It has
   * to be marked as handled (`ready.catch(() => {})`), for it may reject when nobody listens any more.
   */
  readonly ready: Promise<void>
  /** Changes what is known of the node in place; false if that cannot be done without withdrawing it. */
  update(service: Service): boolean
  /**
   * Resolves once the goodbye is said. May be called twice, and of an announcement that was never `ready`. A reason
   * other than 'goodbye' may not travel.
   */
  withdraw(reason?: Reason): Promise<void>
}

/** What is heard of one service, or of all. */
export interface View {
  /** May hold nodes of other services as well, and of this registry's own. */
  readonly table: NodeTable
  /**
   * For how long after the question answers may come, in milliseconds; 0 if there are no others. Where it is not known
   * when the question was asked, it has to be quiet for so long.
   */
  readonly quiet: number
  /** Whether something was heard of that is not known in full yet. */
  readonly pending: boolean
  /** When those who may answer were last asked, as the clock has it; undefined if that is not known. */
  readonly askedAt?: Instant | undefined
  /** Whether an answer was complete before, so that the table can be trusted from now on. */
  settled: boolean
  /** Called once, by each that asked for it. */
  release(): void
}

export interface AnnounceOptions {
  /** Seconds for which others may believe in the node without hearing of it. The lapse itself is not the medium's. */
  readonly ttl: number | undefined
  /** False if nobody else can have the id, so that others need not be asked for it. */
  readonly probe: boolean
  /** Called when the id is lost to another host after it was announced; the announcement has ended then. */
  readonly onLost: () => void
}

/** Every method but `close` returns at once and throws nothing but a RegistryError for what it cannot carry. */
export interface Medium {
  readonly clock: Clock
  /** Throws a RegistryError if `service`, with exactly one node, is not for this medium; before anything is done. */
  check?(service: Service): void
  /** `service` has exactly one node, and is complete and valid; this medium announces no other node of this id. */
  announce(service: Service, options: AnnounceOptions): Announcement
  /** Of this service, or of all. Has to be released. */
  view(service: string | undefined): View
  /** Somebody could not reach this node: look again, if there is a way to. */
  verify(node: Node): void
  /** Keeps the process alive until cancelled; announcements do so themselves. */
  hold(reason: HoldReason): Cancel
  /** Resolves when every goodbye is said and no handle is left. */
  close(): Promise<void>
}
