// Owns the registry's model and verbs, as in go-micro: Service, Node, Endpoint, Value, Registry, Watcher.
// Does not own any backend; registry/backends.ts finds them by name.
import type { RegistryError } from '../errors.ts'

export interface Value {
  readonly name: string
  readonly type: string
  readonly values: readonly Value[]
}

export interface Endpoint {
  readonly name: string
  readonly request?: Value | null
  readonly response?: Value | null
  readonly metadata?: Metadata
}

export type Metadata = Readonly<Record<string, string>>

export interface Node {
  /** Unique on the link; default `<service>-<8 hex digits>`. */
  readonly id: string
  /** `host:port`; an empty or wildcard host stands for this machine's own addresses. */
  readonly address: string
  readonly metadata: Metadata
}

/** One version of a service and the nodes that run it. */
export interface Service {
  readonly name: string
  readonly version: string
  readonly metadata: Metadata
  readonly endpoints: readonly Endpoint[]
  readonly nodes: readonly Node[]
}

/** What `register` takes: everything that has a default may be left out. */
export interface ServiceInput {
  readonly name: string
  readonly version?: string
  readonly metadata?: Metadata
  readonly endpoints?: readonly Endpoint[]
  readonly nodes: readonly NodeInput[]
}

export interface NodeInput {
  readonly id?: string
  readonly address: string
  readonly metadata?: Metadata
}

export interface RegisterOptions {
  /** Seconds: without a renewal in this time the registration lapses, with a goodbye. Default: it never does. */
  readonly ttl?: number
  /**
   * With `false` a new node is announced at once, and others are not asked first whether they have its id, which takes
   * up to a second. Only for ids that end in 64 random bits or more, 16 hex digits as in a UUID; where none is given,
   * such a one is made up. Default true. go-micro's wire format has no probes, and asks in any case.
   */
  readonly probe?: boolean
  readonly signal?: AbortSignal
}

export interface GetOptions {
  /** Milliseconds to wait for a first answer; default: the registry's timeout, 3,000. */
  readonly timeout?: number
  /** Wait until so many nodes are known, or the timeout. Default 1. */
  readonly minNodes?: number
  readonly signal?: AbortSignal
}

export interface WatchOptions {
  /** Only this service; default: all. */
  readonly service?: string
  readonly signal?: AbortSignal
  /** With `false` this watch does not keep the process alive. Default: as the registry. */
  readonly ref?: boolean
}

export type Action = 'create' | 'update' | 'delete'

/** One change of one node. */
export interface Result {
  readonly action: Action
  /** The service with exactly the node that changed; on `delete` as it was last known. */
  readonly service: Service
  /** True for what was known already when the watch began. */
  readonly initial?: boolean
  /** On `delete` only. */
  readonly reason?: 'goodbye' | 'expired' | 'verify-failed'
}

export interface RegistryOptions {
  /** Milliseconds; default of GetOptions.timeout and of `listServices`. */
  readonly timeout?: number
  /** Backends may take more. */
  readonly [option: string]: unknown
}

export interface WatcherEvents {
  result: [result: Result]
  stop: []
}

/** A stream of results: as an async iterable, by `next`, or by events. */
export interface Watcher extends AsyncIterable<Result>, AsyncDisposable {
  /** Rejects with ERR_CLOSED once stopped. */
  next(): Promise<Result>
  stop(): void
  on<E extends keyof WatcherEvents>(event: E, listener: (...args: WatcherEvents[E]) => void): this
  off<E extends keyof WatcherEvents>(event: E, listener: (...args: WatcherEvents[E]) => void): this
}

export interface RegistryEvents {
  /** Something that the program did not ask about, such as a registration that was lost. Safe without a listener. */
  warning: [warning: RegistryError]
  /** `close` was called, and every verb rejects from now on. */
  close: []
}

export interface Registry extends AsyncDisposable {
  readonly options: RegistryOptions
  init(options: RegistryOptions): void
  /** Resolves with the service as registered, defaults filled in, once it is announced. */
  register(service: ServiceInput, options?: RegisterOptions): Promise<Service>
  /** Ends the registrations of the given nodes; of all our nodes of this name and version when none is given. */
  deregister(service: ServiceInput | Service): Promise<void>
  /** One service per version. Rejects with ERR_NOT_FOUND. */
  getService(name: string, options?: GetOptions): Promise<readonly Service[]>
  listServices(options?: GetOptions): Promise<readonly Service[]>
  watch(options?: WatchOptions): Watcher
  /** The client could not reach this node: ask whether it is still there, RFC 6762 §10.4. */
  verify(node: Node): void
  on<E extends keyof RegistryEvents>(event: E, listener: (...args: RegistryEvents[E]) => void): this
  off<E extends keyof RegistryEvents>(event: E, listener: (...args: RegistryEvents[E]) => void): this
  /** The name of the backend. */
  toString(): string
  close(): Promise<void>
}

/** Makes a registry; `options.backend` is the name it was found by. */
export type BackendFactory = (options: RegistryOptions) => Registry
