// Owns a host of Multicast DNS: what its engine is told and sends, and who is told what comes of it.
// Does not own any rule of mDNS (mdns/engine.ts), its loop and life (shell.ts), nor any socket (net/, sim/).
import { Engine, type Snapshot } from '../mdns/engine.ts'
import type { Change, Event, Heard, Input, Instant, Link, Publication, Random } from '../mdns/types.ts'
import type { Name, RrType } from '../wire/types.ts'
import { Audience } from './audience.ts'
import { Guard } from './guard.ts'
import type { HoldReason } from './holds.ts'
import type { HostListener } from './host-event.ts'
import type { Cancel, Clock, Transport, TransportListener } from './ports.ts'
import { Shell } from './shell.ts'
import type { Follower } from './subscriptions.ts'
import { type HostStats, Tally } from './tally.ts'

/** What a host needs of an engine, so that a test may give it another. */
export type HostEngine = Pick<Engine, 'ignores' | 'step' | 'lookup' | 'askedAt' | 'links' | 'heardLinks' | 'inspect'>

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

/** A Multicast DNS host: the engine, a clock and a transport, put together. */
export class Host {
  /** The given one, but without the time in which the event loop was stuck: everything of this host goes by it. */
  readonly clock: Clock
  /** Resolves when the transport is open, rejects when it cannot be; need not be handled. */
  readonly ready: Promise<void>
  readonly #shell: Shell<Input>
  readonly #engine: HostEngine
  readonly #transport: Transport
  readonly #tally = new Tally()
  readonly #guard: Guard
  readonly #audience: Audience

  constructor(options: HostOptions) {
    this.#engine = options.engine ?? new Engine({ random: options.random, hostName: options.hostName ?? 'host' })
    this.#transport = options.transport
    this.#guard = new Guard((error) => {
      this.#tally.error()
      options.onError?.(error)
    })
    this.#audience = new Audience(this.#guard)
    this.#shell = new Shell<Input>({
      clock: options.clock,
      ref: options.ref,
      keepAlive: (alive) => this.#transport.ref?.(alive),
      step: (input, now) => this.#step(input, now),
      settle: () => this.#audience.settle(),
      giveUp: () => this.#tell({ kind: 'closed' }),
      leave: () => this.#transport.close(),
      report: (error) => this.#guard.report(error),
    })
    this.clock = this.#shell.clock
    this.ready = this.#shell.open(() => this.#transport.open(this.#listener()))
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
      stalled: this.#shell.clock.stalled,
      receiveBuffers: this.#transport.receiveBuffers?.(),
    })
  }

  /** What the engine holds, its host name included. */
  inspect(): Snapshot {
    return this.#engine.inspect()
  }

  /** Claims and announces the records; with an id that is published already, updates them in place. */
  publish(publication: Publication): void {
    this.#shell.assertOpen()
    this.#shell.request({ kind: 'publish', publication })
  }

  withdraw(id: string): void {
    this.#shell.request({ kind: 'withdraw', id })
  }

  /**
   * Keeps asking until it is unfollowed, and tells the follower what becomes known or ends under exactly this name and
   * type, and which denials of the name do. Each may follow a name and type once.
   */
  follow(name: Name, type: RrType, follower: Follower): void {
    this.#shell.assertOpen()
    this.#audience.follow(name, type, follower)
    this.#shell.request({ kind: 'ask', interest: { name, type } })
  }

  /** Does nothing where it is not followed. */
  unfollow(name: Name, type: RrType, follower: Follower): void {
    if (this.#audience.unfollow(name, type, follower)) {
      this.#shell.request({ kind: 'forget', interest: { name, type } })
    }
  }

  /** As `follow`, until cancelled. */
  ask(name: Name, type: RrType, onChange: (changes: readonly Change[]) => void): Cancel {
    const follower: Follower = { heard: onChange }
    this.follow(name, type, follower)
    return () => this.unfollow(name, type, follower)
  }

  /** What the links have heard under this name and type; nothing once the host is closed. */
  lookup(name: Name, type: RrType): readonly Heard[] {
    return this.#shell.isClosed ? [] : this.#engine.lookup(name, type)
  }

  /** When a standing question was last asked on every link, if of late. */
  askedAt(name: Name, type: RrType): Instant | undefined {
    return this.#engine.askedAt({ name, type })
  }

  /**
   * Has the link asked whether what is known still holds, for a client that could not use it; of PTR records, only
   * the one to `target` if it is given.
   */
  reconfirm(name: Name, type: RrType, target?: Name): void {
    this.#shell.request({ kind: 'reconfirm', interest: { name, type }, target })
  }

  on(listener: HostListener): Cancel {
    return this.#audience.on(listener)
  }

  /** Keeps the process alive until cancelled or closed, unless this host must not for what stands. */
  hold(reason: HoldReason): Cancel {
    return this.#shell.hold(reason)
  }

  /** Runs `run` once, when all events of the current step have been told; at once if there is no such step. */
  settle(run: () => void): void {
    this.#audience.afterwards(run)
    this.#shell.run()
  }

  /** Says goodbye, then closes the transport; resolves within half a second and a little, and never rejects. */
  close(): Promise<void> {
    return this.#shell.close()
  }

  /** For a process that is about to end: closes, and every goodbye has left once when it returns. It never throws. */
  farewell(): void {
    this.#shell.farewell()
  }

  #listener(): TransportListener {
    return {
      received: (datagram) => {
        this.#tally.received(datagram.link)
        if (!this.#engine.ignores(datagram, this.clock.now())) this.#shell.input({ kind: 'received', datagram })
      },
      links: (links) => {
        this.#tally.links(links)
        this.#shell.input({ kind: 'links', links })
        this.#shell.opened()
      },
      woken: () => this.#shell.input({ kind: 'woken' }),
      rejoined: (link) => this.#shell.input({ kind: 'rejoined', link }),
      failed: (link, error) => {
        const isNews = this.#tally.failed(link, error, this.clock.now())
        this.#shell.input({ kind: 'unsent', link })
        if (isNews) this.#audience.tell({ kind: 'trouble', link, error })
      },
    }
  }

  #step(input: Input, now: Instant): Instant {
    const output = this.#engine.step(input, now)
    for (const send of output.sends) {
      this.#tally.sent(send.link, now)
      this.#guard.run(() => this.#transport.send(send))
    }
    for (const event of output.events) this.#tell(event)
    this.#audience.settle()
    return output.wakeAt
  }

  #tell(event: Event): void {
    if (event.kind === 'dropped') this.#tally.dropped(event.reason)
    this.#audience.tell(event)
    if (event.kind === 'closed') this.#shell.parted()
  }
}
