// Owns a registration that is kept: checked, renewed on every interval, tried again, and ended.
// Does not own its rhythm (rhythm.ts, backoff.ts), the check (check.ts), nor what a registry does with it.
import { Emitter } from '../dnssd/emitter.ts'
import { asError, RegistryError } from '../errors.ts'
import { Alarm } from '../host/alarm.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import { abortable } from '../registry/abortable.ts'
import type { Registry, Service, ServiceInput } from '../registry/types.ts'
import { backoff, type RetryOptions } from './backoff.ts'
import { type Check, runCheck } from './check.ts'
import { isClosed, isConflict, isMisuse } from './failure.ts'
import { NodeIds } from './node-ids.ts'
import type { Rhythm } from './rhythm.ts'

/** A service, or what tells it anew on every renewal. */
export type ServiceSource = ServiceInput | (() => ServiceInput)

/**
 * `starting` until it is registered for the first time; `unhealthy` while the check fails, when it is not registered;
 * `retrying` while it is tried again.
 */
export type KeptState = 'starting' | 'registered' | 'retrying' | 'unhealthy' | 'stopped'

export interface KeptEvents {
  /** It is there: for the first time, or again. */
  registered: [service: Service]
  /** It was there and still is: by the interval, or by `update`. */
  renewed: [service: Service]
  /** It is not there any more. */
  deregistered: [reason: 'check-failed' | 'stopped']
  /** A check (ERR_CHECK_FAILED), a registration or a deregistration failed; it goes on. */
  failed: [error: Error]
}

export interface KeptParts {
  readonly clock: Clock
  readonly random: () => number
  readonly rhythm: Rhythm
  readonly retry: RetryOptions
  readonly check: Check | undefined
  /** Milliseconds. */
  readonly checkTimeout: number
  readonly signal: AbortSignal | undefined
  /** Keeps the process alive until cancelled. */
  readonly hold: () => Cancel
}

const quietly = () => {}

export class KeptRegistration extends Emitter<KeptEvents> implements AsyncDisposable {
  /**
   * Resolves with the service as registered for the first time, however long that takes. Rejects if the service is
   * invalid, which ends it, and if it is stopped before. Need not be handled.
   */
  readonly ready: Promise<Service>
  readonly #registry: Registry
  readonly #parts: KeptParts
  readonly #ids = new NodeIds()
  readonly #alarm: Alarm
  readonly #origin: number
  readonly #stopped = new AbortController()
  readonly #letGo: Cancel
  #source: ServiceSource
  #state: KeptState = 'starting'
  /** As it was last registered, also when it is not any more. */
  #service: Service | undefined
  /** What may be there, and has to be deregistered in the end. */
  #present: ServiceInput | Service | undefined
  #failures = 0
  /** The round that runs, or the last one. */
  #round: Promise<unknown> = Promise.resolve()
  /** The round that waits for it. */
  #next: Promise<Service> | undefined
  #ending: Promise<void> | undefined

  constructor(registry: Registry, source: ServiceSource, parts: KeptParts) {
    super()
    this.#registry = registry
    this.#source = source
    this.#parts = parts
    this.#origin = parts.clock.now()
    this.#alarm = new Alarm(parts.clock, () => void this.#enqueue().catch(quietly))
    this.#letGo = parts.hold()
    registry.on('close', this.#onClose)
    parts.signal?.addEventListener('abort', this.#onAbort)
    this.ready = new Promise<Service>((resolve, reject) => {
      this.on('registered', resolve)
      this.#stopped.signal.addEventListener('abort', () => reject(this.#stopped.signal.reason))
    })
    this.ready.catch(quietly)
    if (parts.signal?.aborted) this.#onAbort()
    else this.#enqueue().catch(quietly)
  }

  get state(): KeptState {
    return this.#state
  }

  /** As it was last registered, with the ids of its nodes; undefined before. */
  get service(): Service | undefined {
    return this.#service
  }

  /**
   * Registers `service` in place of the one before, at once; without an argument the same one, read anew. Nodes that it
   * no longer has are deregistered. Resolves when it is there; rejects if the check or the registration fails, which is
   * tried again, or if the service is invalid, and then the one before stays. The rejection need not be handled.
   */
  update(service: ServiceSource = this.#source): Promise<Service> {
    const before = this.#source
    this.#source = service
    const done = this.#enqueue()
    done.catch((error: unknown) => {
      if (isMisuse(error) && this.#source === service) this.#source = before
    })
    return done
  }

  /** Deregisters. Resolves when that is done or has failed, which a `failed` event tells. May be called twice. */
  stop(): Promise<void> {
    return this.#end(new RegistryError('ERR_CLOSED', 'This registration was stopped; call keepRegistered() again'))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  readonly #onAbort = () => void this.#end(this.#parts.signal?.reason)

  /** A registry that closes says the goodbyes itself. */
  readonly #onClose = () => {
    this.#depart('stopped')
    void this.#end(new RegistryError('ERR_CLOSED', 'The registry was closed; create another one'))
  }

  /** One round at a time; whoever asks for one while another runs shares the one that follows. */
  #enqueue(): Promise<Service> {
    if (this.#next) return this.#next
    const next = this.#round.then(() => {
      this.#next = undefined
      return this.#run()
    })
    this.#next = next
    this.#round = next.then(quietly, quietly)
    return next
  }

  async #run(): Promise<Service> {
    this.#stopped.signal.throwIfAborted()
    this.#alarm.set(Number.POSITIVE_INFINITY)
    try {
      await this.#examine()
      const service = await this.#register()
      this.#failures = 0
      this.#alarm.set(this.#nextRenewal())
      return service
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#fail(error)
      throw error
    }
  }

  /** Whoever fails the check leaves, and stays away until a check passes. */
  async #examine(): Promise<void> {
    const { check, checkTimeout, clock } = this.#parts
    if (check === undefined) return
    try {
      await runCheck(check, { clock, timeout: checkTimeout, signal: this.#stopped.signal })
      if (this.#state === 'unhealthy') this.#state = 'retrying'
    } catch (error) {
      if (this.#stopped.signal.aborted) throw error
      this.#state = 'unhealthy'
      if (this.#present) await this.#registry.deregister(this.#present)
      this.#depart('check-failed')
      throw error
    }
  }

  async #register(): Promise<Service> {
    const source = this.#source
    const input = typeof source === 'function' ? source() : source
    const named = this.#ids.fill(input)
    const before = this.#service
    const wasPresent = this.#present
    this.#present ??= named
    try {
      const { signal } = this.#stopped
      const pending = this.#registry.register(named, { ttl: this.#parts.rhythm.ttl, signal })
      this.#arrive(input, await abortable(pending, signal))
    } catch (error) {
      // One that was given up may still come about.
      if (!this.#stopped.signal.aborted) this.#present = wasPresent
      if (isConflict(error)) this.#ids.forget()
      throw error
    }
    const service = this.#service as Service
    if (before && wasPresent) await this.#drop(before, service)
    return service
  }

  #arrive(input: ServiceInput, service: Service): void {
    const event = this.#state === 'registered' ? 'renewed' : 'registered'
    this.#ids.learn(input, service)
    this.#service = service
    this.#present = service
    this.#state = 'registered'
    this.emitSoon(event, service)
  }

  /** Nodes that were there before; should this fail, they lapse. */
  async #drop(before: Service, service: Service): Promise<void> {
    const nodes = before.nodes.filter(({ id }) => service.nodes.every((node) => node.id !== id))
    if (nodes.length === 0) return
    await this.#registry.deregister({ ...before, nodes }).catch((error) => this.#tell(error))
  }

  #fail(error: unknown): void {
    this.#tell(error)
    const isFirst = this.#service === undefined
    if (isClosed(error) || (isFirst && isMisuse(error))) return void this.#end(error)
    const isOut = this.#state === 'unhealthy' && this.#present === undefined
    this.#failures = isOut ? 0 : this.#failures + 1
    if (this.#state === 'registered') this.#state = 'retrying'
    this.#alarm.set(isOut ? this.#nextRenewal() : this.#nextRetry())
  }

  /** Whole intervals from the start, however long a round takes. */
  #nextRenewal(): number {
    const { clock, rhythm } = this.#parts
    const passed = Math.floor((clock.now() - this.#origin) / rhythm.interval)
    return this.#origin + (passed + 1) * rhythm.interval
  }

  #nextRetry(): number {
    const { clock, retry, rhythm, random } = this.#parts
    return clock.now() + backoff(this.#failures, retry, rhythm.interval, random)
  }

  #end(reason: unknown): Promise<void> {
    this.#ending ??= this.#leave(reason)
    return this.#ending
  }

  async #leave(reason: unknown): Promise<void> {
    this.#state = 'stopped'
    this.#stopped.abort(reason)
    this.#alarm.set(Number.POSITIVE_INFINITY)
    this.#registry.off('close', this.#onClose)
    this.#parts.signal?.removeEventListener('abort', this.#onAbort)
    await this.#round
    try {
      if (this.#present) await this.#registry.deregister(this.#present)
    } catch (error) {
      if (!isClosed(error)) this.#tell(error)
    }
    this.#depart('stopped')
    this.#letGo()
  }

  #depart(reason: KeptEvents['deregistered'][0]): void {
    const wasPresent = this.#present !== undefined && this.#present === this.#service
    this.#present = undefined
    if (wasPresent) this.emitSoon('deregistered', reason)
  }

  #tell(error: unknown): void {
    this.emitSoon('failed', asError(error))
  }
}
