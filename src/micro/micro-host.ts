// Owns a host that speaks go-micro's protocol: what its engine is told and sends, and who is told what comes of it.
// Does not own any rule of it (micro-engine.ts), its loop and life (host/shell.ts), nor any socket (net/, sim/).
import { Guard } from '../host/guard.ts'
import type { HoldReason } from '../host/holds.ts'
import type { LinkTrouble } from '../host/host-event.ts'
import { Listeners } from '../host/listeners.ts'
import type { Cancel, Clock, Transport, TransportListener } from '../host/ports.ts'
import { Shell } from '../host/shell.ts'
import { Tally } from '../host/tally.ts'
import type { Instant, Link, Random, Send } from '../mdns/types.ts'
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

/** A transport, and how its links do. */
class Side {
  readonly transport: Transport
  readonly #tally = new Tally()

  constructor(transport: Transport) {
    this.transport = transport
  }

  links(links: readonly Link[]): void {
    this.#tally.links(links)
  }

  send(sends: readonly Send[], now: Instant): void {
    for (const send of sends) {
      this.#tally.sent(send.link, now)
      this.transport.send(send)
    }
  }

  /** Whether that is news. */
  failed(link: string, error: Error, now: Instant): boolean {
    return this.#tally.failed(link, error, now)
  }
}

/** A peer of go-micro's: its engine, a clock and two transports, put together. */
export class MicroHost {
  /** The given one, but without the time in which the event loop was stuck: everything of this host goes by it. */
  readonly clock: Clock
  /** Resolves when the transports are open, rejects when they cannot be; need not be handled. */
  readonly ready: Promise<void>
  readonly #shell: Shell<MicroInput>
  readonly #engine: MicroEngine
  readonly #group: Side
  readonly #asking: Side
  readonly #guard: Guard
  readonly #listeners = new Listeners<MicroHostEvent>()
  #publications = 0

  constructor(options: MicroHostOptions) {
    const { random, hostName = 'host', domain } = options
    this.#engine = new MicroEngine({ random, hostName, domain })
    this.#group = new Side(options.transport)
    this.#asking = new Side(options.asking)
    this.#guard = new Guard(options.onError ?? (() => {}))
    this.#shell = new Shell<MicroInput>({
      clock: options.clock,
      ref: options.ref,
      keepAlive: (alive) => options.transport.ref?.(alive),
      step: (input, now) => this.#step(input, now),
      settle: () => {},
      giveUp: () => this.#tell({ kind: 'closed' }),
      leave: () => Promise.allSettled([options.transport.close(), options.asking.close()]),
      report: (error) => this.#guard.report(error),
    })
    this.clock = this.#shell.clock
    this.ready = this.#shell.open(() => this.#open())
  }

  get links(): readonly Link[] {
    return this.#engine.links
  }

  /** What is known of one service, or of all; nothing once the host is closed. */
  nodes(service: string | undefined): readonly MicroNode[] {
    return this.#shell.isClosed ? [] : this.#engine.nodes(service)
  }

  /** A key that nobody else has on this host. */
  newKey(): string {
    this.#publications += 1
    return `micro-${this.#publications}`
  }

  /** Claims and announces a node; with a key that is published already, updates it in place. Throws ERR_CLOSED. */
  publish(publication: MicroPublication): void {
    this.#shell.assertOpen()
    this.#shell.request({ kind: 'publish', publication })
  }

  withdraw(key: string): void {
    this.#shell.request({ kind: 'withdraw', key })
  }

  /** Keeps asking for one service, or for all, until cancelled; what becomes known is told as events. */
  ask(service: string | undefined): Cancel {
    this.#shell.assertOpen()
    this.#shell.request({ kind: 'ask', service })
    let isAsking = true
    return () => {
      if (isAsking) this.#shell.request({ kind: 'forget', service })
      isAsking = false
    }
  }

  /** A client could not reach the node of this id: it is gone unless it answers within three seconds. */
  verify(id: string): void {
    this.#shell.request({ kind: 'verify', id })
  }

  on(listener: (event: MicroHostEvent) => void): Cancel {
    return this.#listeners.add(listener)
  }

  /** Keeps the process alive until cancelled or closed, unless this host must not for what stands. */
  hold(reason: HoldReason): Cancel {
    return this.#shell.hold(reason)
  }

  /** Says goodbye, then closes the transports; resolves within half a second and a little, and never rejects. */
  close(): Promise<void> {
    return this.#shell.close()
  }

  /** For a process that is about to end: closes, and every goodbye has left once when it returns. It never throws. */
  farewell(): void {
    this.#shell.farewell()
  }

  async #open(): Promise<void> {
    const untold = new Set<Side>([this.#group, this.#asking])
    const listener = (side: Side, kind: 'links' | 'asking'): TransportListener => ({
      received: (datagram) => this.#shell.input({ kind: 'received', datagram }),
      links: (links) => {
        side.links(links)
        this.#shell.input({ kind, links })
        untold.delete(side)
        if (untold.size === 0) this.#shell.opened()
      },
      woken: () => this.#shell.input({ kind: 'woken' }),
      rejoined: () => this.#shell.input({ kind: 'rejoined' }),
      failed: (link, error) => {
        if (side.failed(link, error, this.clock.now())) this.#tell({ kind: 'trouble', link, error })
      },
    })
    await Promise.all([
      this.#group.transport.open(listener(this.#group, 'links')),
      this.#asking.transport.open(listener(this.#asking, 'asking')),
    ])
  }

  #step(input: MicroInput, now: Instant): Instant {
    const { sends, questions, events, wakeAt } = this.#engine.step(input, now)
    this.#group.send(sends, now)
    this.#asking.send(questions, now)
    for (const event of events) this.#tell(event)
    return wakeAt
  }

  #tell(event: MicroHostEvent): void {
    this.#listeners.dispatch(event, (deliver) => this.#guard.run(deliver))
    if (event.kind === 'closed') this.#shell.parted()
  }
}
