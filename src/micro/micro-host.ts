// Owns the shell around the go-micro engine: one step at a time, one timer, two transports, and who is told what.
// Does not own any rule of the protocol (micro-engine.ts) nor any socket (net/, sim/).
import { RegistryError } from '../errors.ts'
import { Alarm } from '../host/alarm.ts'
import { type HoldReason, Holds } from '../host/holds.ts'
import type { LinkTrouble } from '../host/host-event.ts'
import { Listeners } from '../host/listeners.ts'
import type { Cancel, Clock, Transport, TransportListener } from '../host/ports.ts'
import { SteadyClock } from '../host/steady-clock.ts'
import { Tally } from '../host/tally.ts'
import type { Instant, Link, Random } from '../mdns/types.ts'
import { MicroEngine } from './micro-engine.ts'
import type { MicroEvent, MicroInput, MicroNode, MicroPublication } from './types.ts'

export interface MicroHostOptions {
  readonly clock: Clock
  readonly random: Random
  /** Hears the group and sends from port 5353. */
  readonly transport: Transport
  /** Asks from a port of its own: go-micro would answer itself for ever if a question came from port 5353. */
  readonly asking: Transport
  /** A single label that is fit for a host name. Default `host`. */
  readonly hostName?: string | undefined
  /** Default `micro`; `local` is what go-micro used up to version 1.9. */
  readonly domain?: string | undefined
  /** Whether what stands keeps the process alive, and not only calls that are waited for. Default true. */
  readonly ref?: boolean | undefined
  /** Told of what a listener threw, or the engine; without it such errors are lost. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export type MicroHostEvent = MicroEvent | LinkTrouble

/** Goodbyes are said twice, 125 ms apart; whoever closes does not wait longer than this for it. */
const LONGEST_GOODBYE = 500
/** An engine that threw is a bug; it is given time again after this, so that its other work goes on. */
const RETRY_AFTER = 1000

/** Everything runs to completion: what is asked of a host while it is busy is done right after. */
export class MicroHost {
  /** The given one, but without the time in which the event loop was stuck. */
  readonly clock: Clock
  /** Resolves when the transports are open, rejects when they cannot be; need not be handled. */
  readonly ready: Promise<void>
  readonly #engine: MicroEngine
  readonly #transport: Transport
  readonly #asking: Transport
  readonly #ref: boolean
  readonly #onError: (error: unknown) => void
  readonly #alarm: Alarm
  readonly #holds: Holds
  readonly #listeners = new Listeners<MicroHostEvent>()
  readonly #tally = new Tally()
  readonly #inputs: MicroInput[] = []
  /** What the program asked for before the links were known. */
  #held: MicroInput[] = []
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  #busy = false
  #wakeAt: Instant = Number.POSITIVE_INFINITY
  #closing: Promise<void> | undefined
  #finish: () => void = () => {}
  #publications = 0

  constructor(options: MicroHostOptions) {
    const { random, hostName = 'host', domain } = options
    this.clock = new SteadyClock(options.clock)
    this.#engine = new MicroEngine({ random, hostName, domain })
    this.#transport = options.transport
    this.#asking = options.asking
    this.#ref = options.ref ?? true
    this.#onError = options.onError ?? (() => {})
    this.#holds = new Holds((alive) => this.#transport.ref?.(alive))
    this.#alarm = new Alarm(this.clock, () => this.#input({ kind: 'tick' }))
    this.ready = this.#open()
    this.ready.catch(() => this.close())
  }

  get domain(): string {
    return this.#engine.domain
  }

  get links(): readonly Link[] {
    return this.#engine.links
  }

  /** What is known of one service, or of all; nothing once the host is closed. */
  nodes(service: string | undefined): readonly MicroNode[] {
    return this.#state === 'closed' ? [] : this.#engine.nodes(service)
  }

  /** A key that nobody else has on this host. */
  newKey(): string {
    this.#publications += 1
    return `micro-${this.#publications}`
  }

  /** Claims and announces a node; with a key that is published already, updates it in place. Throws ERR_CLOSED. */
  publish(publication: MicroPublication): void {
    this.#assertOpen()
    this.#request({ kind: 'publish', publication })
  }

  withdraw(key: string): void {
    this.#request({ kind: 'withdraw', key })
  }

  /** Keeps asking for one service, or for all, until cancelled; what becomes known is told as events. */
  ask(service: string | undefined): Cancel {
    this.#assertOpen()
    this.#request({ kind: 'ask', service })
    let isAsking = true
    return () => {
      if (isAsking) this.#request({ kind: 'forget', service })
      isAsking = false
    }
  }

  /** A client could not reach the node of this id: it is gone unless it answers within three seconds. */
  verify(id: string): void {
    this.#request({ kind: 'verify', id })
  }

  on(listener: (event: MicroHostEvent) => void): Cancel {
    return this.#listeners.add(listener)
  }

  /** Keeps the process alive until cancelled or closed, unless this host must not for what stands. */
  hold(reason: HoldReason): Cancel {
    return this.#ref || reason === 'call' ? this.#holds.take() : () => {}
  }

  /** Says goodbye, then closes the transports; resolves within half a second and a little, and never rejects. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#close(resolve))
    return this.#closing
  }

  /** For a process that is about to end: has every goodbye leave once before it returns. It never throws. */
  farewell(): void {
    const isOpening = this.#state === 'opening'
    void this.close()
    if (isOpening) return
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
      const closed = [this.#transport.close(), this.#asking.close()]
      void Promise.allSettled(closed).then(() => {
        this.#holds.end()
        resolve()
      })
    }
    const begin = () => this.#input({ kind: 'close' })
    if (wasOpening) this.ready.then(begin, begin)
    else begin()
  }

  async #open(): Promise<void> {
    const untold = new Set<MicroInput['kind']>(['links', 'asking'])
    const listener = (kind: 'links' | 'asking'): TransportListener => ({
      received: (datagram) => this.#input({ kind: 'received', datagram }),
      links: (links) => {
        this.#input({ kind, links })
        untold.delete(kind)
        if (untold.size === 0) this.#release()
      },
      woken: () => this.#input({ kind: 'woken' }),
      rejoined: () => this.#input({ kind: 'woken' }),
      failed: (link, error) => this.#failed(link, error),
    })
    await Promise.all([this.#transport.open(listener('links')), this.#asking.open(listener('asking'))])
    this.#release()
  }

  /** The links are known, so what was held can be done. */
  #release(): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#inputs.push(...this.#held.splice(0))
    this.#run()
  }

  #failed(link: string, error: Error): void {
    this.#tally.links(this.links)
    if (this.#tally.failed(link, error, this.clock.now())) this.#tell({ kind: 'trouble', link, error })
  }

  #assertOpen(): void {
    if (this.#state !== 'closing' && this.#state !== 'closed') return
    throw new RegistryError('ERR_CLOSED', 'This host is closed; make a new one.')
  }

  /** An input that the program gives. */
  #request(input: MicroInput): void {
    if (this.#state === 'opening') this.#held.push(input)
    else if (this.#state === 'open') this.#input(input)
  }

  #input(input: MicroInput): void {
    if (this.#state === 'closed') return
    this.#inputs.push(input)
    this.#run()
  }

  #run(): void {
    if (this.#busy) return
    this.#busy = true
    for (const input of this.#inputs) this.#step(input)
    this.#inputs.length = 0
    this.#busy = false
    if (this.#state !== 'closed') this.#alarm.set(this.#wakeAt)
  }

  #step(input: MicroInput): void {
    if (this.#state === 'closed') return
    const now = this.clock.now()
    this.#wakeAt = now + RETRY_AFTER
    this.#guard(() => {
      const { sends, questions, events, wakeAt } = this.#engine.step(input, now)
      this.#wakeAt = wakeAt
      for (const send of sends) this.#transport.send(send)
      for (const question of questions) this.#asking.send(question)
      for (const event of events) this.#tell(event)
    })
  }

  /** A listener that throws takes nothing from the others. */
  #tell(event: MicroHostEvent): void {
    this.#listeners.dispatch(event, (deliver) => this.#guard(deliver))
    if (event.kind === 'closed') this.#finish()
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#onError(error)
    }
  }
}
