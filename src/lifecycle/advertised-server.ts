// Owns the registration of a server: there while the server listens, at the address where it does.
// Does not own the registration itself (kept-registration.ts) nor what a server tells (server-address.ts).
import { errorMonitor } from 'node:events'
import { Emitter } from '../dnssd/emitter.ts'
import { asError, RegistryError } from '../errors.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import type { Endpoint, Metadata, Registry, Service, ServiceInput } from '../registry/types.ts'
import { isConflict, isMisuse } from './failure.ts'
import type { KeptEvents, KeptRegistration, KeptState, ServiceSource } from './kept-registration.ts'
import { addressOf, protocolOf, type Server } from './server-address.ts'

/** As ServiceInput, with the one node that the server is. */
export interface ServerService {
  readonly name: string
  readonly version?: string
  readonly metadata?: Metadata
  readonly endpoints?: readonly Endpoint[]
  readonly node?: {
    /** Default `<service>-<8 hex digits>`, the same for as long as the server is advertised. */
    readonly id?: string
    /** `protocol` is `http`, `https` or `tcp` unless it is given. */
    readonly metadata?: Metadata
    /** `host:port` that others have to use, if it is not where the server listens: a proxy, a published port. */
    readonly address?: string
  }
}

/** The name of a service, a service, or what tells it anew on every renewal. */
export type ServerSource = string | ServerService | (() => ServerService)

/** `waiting` while the server does not listen. */
export type AdvertisedState = KeptState | 'waiting'

export interface AdvertisedParts {
  readonly clock: Clock
  /** Opens what to register with, each time that the server begins to listen. */
  readonly open: () => { readonly registry: Registry; close(): Promise<void> }
  readonly keep: (registry: Registry, source: ServiceSource) => KeptRegistration
  readonly signal: AbortSignal | undefined
}

interface Registered {
  readonly kept: KeptRegistration
  readonly close: () => Promise<void>
}

/** A server that is closed stops to listen at once, but has an event for it only when its last connection ends. */
const LOOK_INTERVAL = 100

const quietly = () => {}

export class AdvertisedServer extends Emitter<KeptEvents> implements AsyncDisposable {
  /**
   * Resolves with the service as registered for the first time. Rejects with ERR_NOT_LISTENING if the server fails or
   * closes before, or is given up, with ERR_INVALID_SERVER if it listens on a Unix socket, and if the service is
   * invalid, which ends it. Need not be handled.
   */
  readonly ready: Promise<Service>
  readonly #server: Server
  readonly #parts: AdvertisedParts
  #source: ServerSource
  #reject: (error: unknown) => void = quietly
  /** The made-up id of the node. */
  #id: string | undefined
  #registered: Registered | undefined
  /** Where it is registered. */
  #address: string | undefined
  #service: Service | undefined
  #isSettling = false
  #isStopped = false
  #settled: Promise<void> = Promise.resolve()
  #cancelLook: Cancel = quietly

  constructor(server: Server, source: ServerSource, parts: AdvertisedParts) {
    super()
    this.#server = server
    this.#source = source
    this.#parts = parts
    addressOf(server)
    this.ready = new Promise<Service>((resolve, reject) => {
      this.on('registered', resolve)
      this.#reject = reject
    })
    this.ready.catch(quietly)
    server.on('listening', this.#look)
    server.on('close', this.#onClose)
    // It hears of errors without being a listener, so that an error that nobody else handles is thrown as ever.
    server.on(errorMonitor, this.#onError)
    parts.signal?.addEventListener('abort', this.#onAbort)
    if (parts.signal?.aborted) this.#onAbort()
    else this.#look()
  }

  get state(): AdvertisedState {
    if (this.#isStopped) return 'stopped'
    return this.#registered?.kept.state ?? 'waiting'
  }

  /** As it was last registered; undefined before. */
  get service(): Service | undefined {
    return this.#service
  }

  /**
   * Changes what is registered, at once; without an argument the service is read anew. Resolves when it is there, or
   * with undefined while the server does not listen. Rejects as KeptRegistration.update does, and need not be handled.
   */
  update(source: ServerSource = this.#source): Promise<Service | undefined> {
    const before = this.#source
    this.#source = source
    const done = this.#change(source)
    done.catch((error: unknown) => {
      if (isMisuse(error) && this.#source === source) this.#source = before
    })
    return done
  }

  /** Deregisters and lets go of the server, which it leaves as it is. Resolves when that is done. */
  stop(): Promise<void> {
    return this.#end(notListening('It was given up before the server was registered'))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  readonly #look = () => {
    this.#cancelLook()
    if (this.#isStopped) return
    // Its service is invalid, or its registry was closed.
    if (!this.#isSettling && this.#registered?.kept.state === 'stopped') {
      void this.#end(new RegistryError('ERR_CLOSED', 'The registry was closed; create another one'))
      return
    }
    if (!this.#isSettling) this.#settled = this.#settle()
    const { clock } = this.#parts
    if (this.#server.listening) this.#cancelLook = clock.at(clock.now() + LOOK_INTERVAL, this.#look)
  }

  readonly #onClose = () => {
    this.#look()
    this.#reject(notListening('The server was closed before it was registered'))
  }

  readonly #onError = (error: Error) => {
    if (this.#server.listening) return
    this.#refuse(notListening(`The server does not listen: ${error.message}`, error))
  }

  readonly #onAbort = () => void this.#end(this.#parts.signal?.reason)

  /** One step after the other until it is registered where the server listens, which may change meanwhile. */
  async #settle(): Promise<void> {
    this.#isSettling = true
    for (let address = this.#wanted(); address !== this.#address; address = this.#wanted()) {
      if (address === undefined) await this.#leave()
      else this.#enter(address)
    }
    this.#isSettling = false
  }

  #wanted(): string | undefined {
    if (this.#isStopped) return undefined
    try {
      return addressOf(this.#server)
    } catch (error) {
      this.#refuse(error)
      return undefined
    }
  }

  async #change(source: ServerSource): Promise<Service | undefined> {
    if (this.#isStopped) throw new RegistryError('ERR_CLOSED', 'The server is not advertised any more')
    return this.#registered?.kept.update(() => this.#read(source))
  }

  #enter(address: string): void {
    this.#address = address
    if (this.#registered) {
      void this.#registered.kept.update()
      return
    }
    const { registry, close } = this.#parts.open()
    const source = this.#source
    const kept = this.#parts.keep(registry, () => this.#read(source))
    this.#registered = { kept, close }
    this.#follow(kept)
  }

  async #leave(): Promise<void> {
    const left = this.#registered
    this.#registered = undefined
    this.#address = undefined
    await left?.kept.stop()
    await left?.close().catch(quietly)
  }

  #follow(kept: KeptRegistration): void {
    const arrive = (event: 'registered' | 'renewed') => (service: Service) => {
      this.#service = service
      this.#id = service.nodes[0]?.id
      this.emit(event, service)
    }
    kept.on('registered', arrive('registered'))
    kept.on('renewed', arrive('renewed'))
    kept.on('deregistered', (reason) => this.emit('deregistered', reason))
    kept.on('failed', (error) => {
      if (isConflict(error)) this.#id = undefined
      this.emit('failed', error)
    })
    kept.ready.catch((error) => {
      const isOver = isMisuse(error) || this.#registered?.kept === kept
      this.#reject(isOver ? error : notListening('The server was closed before it was registered'))
    })
  }

  #read(source: ServerSource): ServiceInput {
    const given = typeof source === 'function' ? source() : source
    const { node = {}, ...service } = typeof given === 'string' ? { name: given } : { ...given }
    const id = node.id ?? this.#id
    const address = node.address ?? this.#address ?? ''
    const metadata = { protocol: protocolOf(this.#server), ...node.metadata }
    return { ...service, nodes: [{ ...(id === undefined ? {} : { id }), address, metadata }] }
  }

  #refuse(error: unknown): void {
    this.#reject(error)
    this.emitSoon('failed', asError(error))
  }

  #end(reason: unknown): Promise<void> {
    if (this.#isStopped) return this.#settled
    this.#isStopped = true
    this.#cancelLook()
    this.#server.off('listening', this.#look)
    this.#server.off('close', this.#onClose)
    this.#server.off(errorMonitor, this.#onError)
    this.#parts.signal?.removeEventListener('abort', this.#onAbort)
    this.#reject(reason)
    if (!this.#isSettling) this.#settled = this.#settle()
    return this.#settled
  }
}

function notListening(message: string, cause?: Error): RegistryError {
  return new RegistryError('ERR_NOT_LISTENING', message, cause === undefined ? {} : { cause })
}
