// Owns the verbs of the registry, the same over every medium.
// Does not own how nodes are made known and heard (medium.ts), nor which backend was chosen (backends.ts).
import { setMaxListeners } from 'node:events'
import { Emitter } from '../dnssd/emitter.ts'
import { RegistryError } from '../errors.ts'
import { parseLabel } from './label.ts'
import type { Medium, View } from './medium.ts'
import { mergeByVersion } from './node-table.ts'
import { Registrations } from './registrations.ts'
import { settle } from './settle.ts'
import type {
  GetOptions,
  Node,
  RegisterOptions,
  Registry,
  RegistryEvents,
  RegistryOptions,
  Service,
  ServiceInput,
  Watcher,
  WatchOptions,
} from './types.ts'
import { ViewWatcher } from './watcher.ts'

const DEFAULT_TIMEOUT = 3_000

/** What a backend gives the verbs to work with. */
export interface NodeRegistryOptions {
  /** The name of the backend. */
  readonly name: string
  readonly options: RegistryOptions
  readonly random: () => number
  /** Called when the first verb needs it, so that a registry that is never used opens nothing. */
  readonly open: (warn: (warning: RegistryError) => void) => Medium
}

interface GetWait {
  readonly enough: () => boolean
  readonly timeout: number | undefined
  readonly signal: AbortSignal | undefined
}

export class NodeRegistry extends Emitter<RegistryEvents> implements Registry {
  readonly #name: string
  readonly #random: () => number
  readonly #open: NodeRegistryOptions['open']
  readonly #closed = new AbortController()
  #options: RegistryOptions
  #medium: Medium | undefined
  #registrations: Registrations | undefined
  #closing: Promise<void> | undefined

  constructor({ name, options, random, open }: NodeRegistryOptions) {
    super()
    this.#name = name
    this.#options = options
    this.#random = random
    this.#open = open
    // One for every call that waits and every watch; Node.js would take more than ten for a leak.
    setMaxListeners(0, this.#closed.signal)
  }

  get options(): RegistryOptions {
    return this.#options
  }

  init(options: RegistryOptions): void {
    this.#closed.signal.throwIfAborted()
    this.#options = { ...this.#options, ...options }
  }

  async register(service: ServiceInput, options: RegisterOptions = {}): Promise<Service> {
    return this.#use().registrations.register(service, options)
  }

  async deregister(service: ServiceInput | Service): Promise<void> {
    return this.#use().registrations.deregister(service)
  }

  async getService(name: string, options: GetOptions = {}): Promise<readonly Service[]> {
    const service = parseLabel(name, 'The service name')
    const found = await this.#find(service, options)
    if (found.length > 0) return found
    throw new RegistryError(
      'ERR_NOT_FOUND',
      `No node of the service '${service}' answered; check that one is registered on this link, or wait longer`,
    )
  }

  async listServices(options: GetOptions = {}): Promise<readonly Service[]> {
    return this.#find(undefined, options)
  }

  watch(options: WatchOptions = {}): Watcher {
    const { medium } = this.#use()
    const service = options.service === undefined ? undefined : parseLabel(options.service, 'The service name')
    const signal = options.signal ? AbortSignal.any([options.signal, this.#closed.signal]) : this.#closed.signal
    const view = medium.view(service)
    const onEnd = options.ref === false ? () => {} : medium.hold('standing')
    return new ViewWatcher(view, { ...(service === undefined ? {} : { service }), signal, onEnd })
  }

  verify(node: Node): void {
    this.#use().medium.verify(node)
  }

  override toString(): string {
    return this.#name
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#closing = this.#close()
      this.emit('close')
    }
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#closed.abort(new RegistryError('ERR_CLOSED', 'This registry is closed; create another one'))
    this.#registrations?.close()
    await this.#medium?.close()
  }

  async #find(service: string | undefined, { timeout, minNodes = 1, signal }: GetOptions): Promise<readonly Service[]> {
    const { medium } = this.#use()
    signal?.throwIfAborted()
    const view = medium.view(service)
    const letGo = medium.hold('call')
    const nodes = () => view.table.nodesOf(service)
    try {
      await this.#settle(medium, view, { enough: () => nodes().length >= minNodes, timeout, signal })
      return mergeByVersion(nodes())
    } finally {
      view.release()
      letGo()
    }
  }

  #settle(medium: Medium, view: View, wait: GetWait) {
    return settle(view, {
      clock: medium.clock,
      enough: wait.enough,
      timeout: wait.timeout ?? this.#options.timeout ?? DEFAULT_TIMEOUT,
      signals: wait.signal ? [wait.signal, this.#closed.signal] : [this.#closed.signal],
    })
  }

  /** What the verbs work with, from the first of them on. Throws ERR_CLOSED. */
  #use(): { readonly medium: Medium; readonly registrations: Registrations } {
    this.#closed.signal.throwIfAborted()
    const warn = (warning: RegistryError) => this.emit('warning', warning)
    this.#medium ??= this.#open(warn)
    this.#registrations ??= new Registrations({
      medium: this.#medium,
      random: this.#random,
      warn,
      closed: this.#closed.signal,
    })
    return { medium: this.#medium, registrations: this.#registrations }
  }
}
