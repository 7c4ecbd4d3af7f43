// Owns the shell around the engine: one step at a time, sends before events, one timer, and who is told what.
// Does not own any rule of mDNS (mdns/engine.ts) nor any socket (net/, sim/).
import { RegistryError } from '../errors.ts'
import { Engine, type Snapshot } from '../mdns/engine.ts'
import type { Event, Heard, Input, Instant, Link, Output, Publication, Random } from '../mdns/types.ts'
import type { Name, RrType } from '../wire/types.ts'
import { Alarm } from './alarm.ts'
import { Audience } from './audience.ts'
import { type HoldReason, Holds } from './holds.ts'
import type { HostListener } from './host-event.ts'
import type { Cancel, Clock, Transport } from './ports.ts'
import { SteadyClock } from './steady-clock.ts'
import type { OnChange } from './subscriptions.ts'
import { type HostStats, Tally } from './tally.ts'

/** What a host needs of an engine, so that a test may give it another. */
export type HostEngine = Pick<Engine, 'step' | 'lookup' | 'links' | 'heardLinks' | 'inspect'>

export interface HostOptions {
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
  /** A single label that is fit for a host name, see `hostLabel`. Default `host`. */
  readonly hostName?: string | undefined
  /** Told of what a listener threw; without it such errors are only counted. */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Default: the engine of this package. */
  readonly engine?: HostEngine | undefined
  /** Whether what stands keeps the process alive, and not only calls that are waited for. Default true. */
  readonly ref?: boolean | undefined
}

/** Goodbyes are said twice, 125 ms apart; whoever closes does not wait longer than this for it. */
const LONGEST_GOODBYE = 500
/** After a stall of so many milliseconds peers may have given us up, and what they said may have run out. */
const ASLEEP = 30_000
/** An engine that threw is a bug; it is given time again after this, so that its other work goes on. */
const RETRY_AFTER = 1000

/**
 * A Multicast DNS host: the engine, a clock and a transport, put together.
 *
 * Everything runs to completion. What is asked of a host while it is busy is done right after; nothing is nested.
 * What is asked before the transport has named its links waits for them.
 */
export class Host {
  /** The given one, but without the time in which the event loop was stuck: everything of this host goes by it. */
  readonly clock: Clock
  /** Resolves when the transport is open, rejects when it cannot be; need not be handled. */
  readonly ready: Promise<void>
  readonly #clock: SteadyClock
  readonly #engine: HostEngine
  readonly #transport: Transport
  readonly #ref: boolean
  readonly #alarm: Alarm
  readonly #tally = new Tally()
  readonly #audience: Audience
  readonly #holds: Holds
  readonly #inputs: Input[] = []
  /** What the program asked for before the links were known. */
  #held: Input[] = []
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  #busy = false
  #hasParted = false
  #stalled = 0
  #wakeAt: Instant = Number.POSITIVE_INFINITY
  #closing: Promise<void> | undefined
  #finish: () => void = () => {}

  constructor(options: HostOptions) {
    this.#clock = new SteadyClock(options.clock)
    this.clock = this.#clock
    this.#engine = options.engine ?? new Engine({ random: options.random, hostName: options.hostName ?? 'host' })
    this.#transport = options.transport
    this.#ref = options.ref ?? true
    this.#audience = new Audience((error) => {
      this.#tally.error()
      options.onError?.(error)
    })
    this.#holds = new Holds((alive) => this.#transport.ref?.(alive))
    this.#alarm = new Alarm(this.#clock, () => this.#input({ kind: 'tick' }))
    this.ready = this.#open()
    this.ready.catch(() => this.close())
  }

  /** Those that are up. */
  get links(): readonly Link[] {
    return this.#engine.links
  }

  /** Those that `lookup` may name: also links that have just gone, as long as what was heard there counts. */
  get heardLinks(): readonly Link[] {
    return this.#engine.heardLinks
  }

  get stats(): HostStats {
    return this.#tally.snapshot(this.clock.now(), {
      stalled: this.#clock.stalled,
      receiveBuffers: this.#transport.receiveBuffers?.(),
    })
  }

  /** What the engine holds, its host name included. */
  inspect(): Snapshot {
    return this.#engine.inspect()
  }

  /** Claims and announces the records; with an id that is published already, updates them in place. */
  publish(publication: Publication): void {
    this.#assertOpen()
    this.#request({ kind: 'publish', publication })
  }

  withdraw(id: string): void {
    this.#request({ kind: 'withdraw', id })
  }

  /**
   * Keeps asking until cancelled, and tells `onChange` what becomes known or ends under exactly this name and type, and
   * which denials of the name do.
   */
  ask(name: Name, type: RrType, onChange: OnChange): Cancel {
    this.#assertOpen()
    const interest = { name, type }
    const unsubscribe = this.#audience.subscribe(name, type, onChange)
    let asking = true
    this.#request({ kind: 'ask', interest })
    return () => {
      if (!asking) return
      asking = false
      unsubscribe()
      this.#request({ kind: 'forget', interest })
    }
  }

  /** What the links have heard under this name and type; nothing once the host is closed. */
  lookup(name: Name, type: RrType): readonly Heard[] {
    return this.#state === 'closed' ? [] : this.#engine.lookup(name, type)
  }

  /**
   * Has the link asked whether what is known still holds, for a client that could not use it; of PTR records, only
   * the one to `target` if it is given.
   */
  reconfirm(name: Name, type: RrType, target?: Name): void {
    this.#request({ kind: 'reconfirm', interest: { name, type }, target })
  }

  on(listener: HostListener): Cancel {
    return this.#audience.on(listener)
  }

  /** Keeps the process alive until cancelled or closed, unless this host must not for what stands. */
  hold(reason: HoldReason): Cancel {
    return this.#ref || reason === 'call' ? this.#holds.take() : () => {}
  }

  /** Runs `run` once, when all events of the current step have been told; at once if there is no such step. */
  settle(run: () => void): void {
    this.#audience.afterwards(run)
    this.#run()
  }

  /** Says goodbye, then closes the transport; resolves within half a second and a little, and never rejects. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#close(resolve))
    return this.#closing
  }

  /**
   * For a process that is about to end: closes, and has every goodbye leave once before it returns, wherever it is
   * called from. It never throws.
   */
  farewell(): void {
    const isOpening = this.#state === 'opening'
    void this.close()
    if (isOpening) return
    // Inside of a step the close waits for its turn, and what waits before it has come to nothing.
    this.#inputs.length = 0
    this.#step({ kind: 'close' })
  }

  #close(resolve: () => void): void {
    const wasOpening = this.#state === 'opening'
    this.#holds.take()
    this.#state = 'closing'
    this.#held = []
    const cancel = this.clock.at(this.clock.now() + LONGEST_GOODBYE, () => this.#tell({ kind: 'closed' }))
    this.#finish = () => {
      this.#state = 'closed'
      cancel()
      this.#alarm.set(Number.POSITIVE_INFINITY)
      const report = (error: unknown) => this.#audience.report(error)
      this.#transport
        .close()
        .catch(report)
        .then(() => this.#holds.end())
        .then(resolve)
    }
    const begin = () => this.#input({ kind: 'close' })
    if (wasOpening) this.ready.then(begin, begin)
    else begin()
  }

  async #open(): Promise<void> {
    await this.#transport.open({
      received: (datagram) => {
        this.#tally.received(datagram.link)
        this.#input({ kind: 'received', datagram })
      },
      links: (links) => {
        this.#tally.links(links)
        this.#input({ kind: 'links', links })
        this.#release()
      },
      woken: () => this.#input({ kind: 'woken' }),
      rejoined: (link) => this.#input({ kind: 'rejoined', link }),
      failed: (link, error) => {
        const isNews = this.#tally.failed(link, error, this.clock.now())
        this.#input({ kind: 'unsent', link })
        if (isNews) this.#audience.tell({ kind: 'trouble', link, error })
      },
    })
    this.#release()
  }

  /** The links are known, so what was held can be done. */
  #release(): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#inputs.push(...this.#held)
    this.#held = []
    this.#run()
  }

  #assertOpen(): void {
    if (this.#state !== 'closing' && this.#state !== 'closed') return
    throw new RegistryError('ERR_CLOSED', 'This host is closed; make a new one.')
  }

  /** An input that the program gives. */
  #request(input: Input): void {
    if (this.#state === 'opening') this.#held.push(input)
    else if (this.#state === 'open') this.#input(input)
  }

  #input(input: Input): void {
    if (this.#state === 'closed') return
    this.#inputs.push(input)
    this.#run()
  }

  /** Takes inputs until there are none; those that arrive meanwhile join the end of the same array. */
  #run(): void {
    if (this.#busy) return
    this.#busy = true
    this.#audience.settle()
    for (const input of this.#inputs) this.#step(input)
    this.#inputs.length = 0
    this.#busy = false
    if (this.#state !== 'closed') this.#alarm.set(this.#wakeAt)
  }

  #step(input: Input): void {
    if (this.#state === 'closed' || (input.kind === 'close' && this.#hasParted)) return
    this.#hasParted ||= input.kind === 'close'
    const now = this.clock.now()
    if (this.#clock.stalled - this.#stalled >= ASLEEP) this.#inputs.push({ kind: 'woken' })
    this.#stalled = this.#clock.stalled
    const output = this.#engineStep(input, now)
    for (const send of output.sends) {
      this.#tally.sent(send.link, now)
      this.#audience.guard(() => this.#transport.send(send))
    }
    for (const event of output.events) this.#tell(event)
    this.#audience.settle()
    this.#wakeAt = output.wakeAt
  }

  #engineStep(input: Input, now: Instant): Output {
    try {
      return this.#engine.step(input, now)
    } catch (error) {
      this.#audience.report(error)
      return { sends: [], events: [], wakeAt: now + RETRY_AFTER }
    }
  }

  #tell(event: Event): void {
    if (event.kind === 'dropped') this.#tally.dropped(event.reason)
    this.#audience.tell(event)
    if (event.kind === 'closed') this.#finish()
  }
}
