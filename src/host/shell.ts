// Owns the life and the loop of a host, whatever protocol its engine speaks: opened, one step at a time, closed.
// Does not own the engine, nor what a step sends and tells (host.ts, micro/micro-host.ts).
import { RegistryError } from '../errors.ts'
import type { Instant } from '../mdns/types.ts'
import { Alarm } from './alarm.ts'
import { type HoldReason, Holds } from './holds.ts'
import type { Cancel, Clock } from './ports.ts'
import { SteadyClock } from './steady-clock.ts'

/** What every engine is told. */
export type ShellInput = { readonly kind: 'tick' } | { readonly kind: 'woken' } | { readonly kind: 'close' }

export interface ShellParts<I> {
  readonly clock: Clock
  /** Whether what stands keeps the process alive, and not only calls that are waited for. Default true. */
  readonly ref: boolean | undefined
  /** Whether the process is to stay alive. */
  keepAlive(alive: boolean): void
  /** Has the engine take a step, sends and tells what comes of it, and returns when to come back. */
  step(input: I | ShellInput, now: Instant): Instant
  /** Called when nothing is under way, before what waits is taken. */
  settle(): void
  /** The goodbyes took too long: what would have been told after them. */
  giveUp(): void
  /** Resolves when every handle is closed. */
  leave(): Promise<unknown>
  /** Told of what an engine threw, which is a bug. */
  report(error: unknown): void
}

/** Goodbyes are said twice, 125 ms apart; whoever closes does not wait longer than this for it. */
const LONGEST_GOODBYE = 500
/** After a stall of so many milliseconds peers may have given us up, and what they said may have run out. */
const ASLEEP = 30_000
/** An engine that threw is given time again after this, so that its other work goes on. */
const RETRY_AFTER = 1000

/**
 * Everything runs to completion. What is asked of a host while it is busy is done right after; nothing is nested.
 * What is asked before the links are known waits for them.
 */
export class Shell<I extends { readonly kind: string }> {
  /** The given one, but without the time in which the event loop was stuck: everything of a host goes by it. */
  readonly clock: SteadyClock
  readonly #parts: ShellParts<I>
  readonly #alarm: Alarm
  readonly #holds: Holds
  readonly #inputs: (I | ShellInput)[] = []
  /** What the program asked for before the links were known. */
  #held: I[] = []
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  #opening: Promise<void> = Promise.resolve()
  #busy = false
  #hasParted = false
  #stalled = 0
  #wakeAt: Instant = Number.POSITIVE_INFINITY
  #closing: Promise<void> | undefined
  #finish: () => void = () => {}

  constructor(parts: ShellParts<I>) {
    this.#parts = parts
    this.clock = new SteadyClock(parts.clock)
    this.#holds = new Holds((alive) => parts.keepAlive(alive))
    this.#alarm = new Alarm(this.clock, () => this.input({ kind: 'tick' }))
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** To be called once. What it returns resolves when `open` does, rejects as it does, and need not be handled. */
  open(open: () => Promise<unknown>): Promise<void> {
    this.#opening = this.#open(open)
    this.#opening.catch(() => this.close())
    return this.#opening
  }

  /** The links are known, so what was held can be done. */
  opened(): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#inputs.push(...this.#held)
    this.#held = []
    this.run()
  }

  /** Throws ERR_CLOSED. */
  assertOpen(): void {
    if (this.#state !== 'closing' && this.#state !== 'closed') return
    throw new RegistryError('ERR_CLOSED', 'This host is closed; make a new one.')
  }

  /** An input that the program gives. */
  request(input: I): void {
    if (this.#state === 'opening') this.#held.push(input)
    else if (this.#state === 'open') this.input(input)
  }

  input(input: I | ShellInput): void {
    if (this.#state === 'closed') return
    this.#inputs.push(input)
    this.run()
  }

  /** Takes inputs until there are none; those that arrive meanwhile join the end of the same array. */
  run(): void {
    if (this.#busy) return
    this.#busy = true
    this.#parts.settle()
    for (const input of this.#inputs) this.#step(input)
    this.#inputs.length = 0
    this.#busy = false
    if (this.#state !== 'closed') this.#alarm.set(this.#wakeAt)
  }

  /** Keeps the process alive until cancelled or closed, unless this host must not for what stands. */
  hold(reason: HoldReason): Cancel {
    return (this.#parts.ref ?? true) || reason === 'call' ? this.#holds.take() : () => {}
  }

  /** Says goodbye, then closes everything; resolves within half a second and a little, and never rejects. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#close(resolve))
    return this.#closing
  }

  /** The last goodbye was said, or given up. */
  parted(): void {
    this.#finish()
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

  async #open(open: () => Promise<unknown>): Promise<void> {
    await open()
    this.opened()
  }

  #close(resolve: () => void): void {
    const wasOpening = this.#state === 'opening'
    this.#holds.take()
    this.#state = 'closing'
    this.#held = []
    const cancel = this.clock.at(this.clock.now() + LONGEST_GOODBYE, () => this.#parts.giveUp())
    this.#finish = () => {
      this.#state = 'closed'
      cancel()
      this.#alarm.set(Number.POSITIVE_INFINITY)
      this.#parts
        .leave()
        .catch((error: unknown) => this.#parts.report(error))
        .then(() => this.#holds.end())
        .then(resolve)
    }
    const begin = () => this.input({ kind: 'close' })
    if (wasOpening) this.#opening.then(begin, begin)
    else begin()
  }

  #step(input: I | ShellInput): void {
    if (this.#state === 'closed' || (input.kind === 'close' && this.#hasParted)) return
    this.#hasParted ||= input.kind === 'close'
    const now = this.clock.now()
    if (this.clock.stalled - this.#stalled >= ASLEEP) this.#inputs.push({ kind: 'woken' })
    this.#stalled = this.clock.stalled
    try {
      this.#wakeAt = this.#parts.step(input, now)
    } catch (error) {
      this.#parts.report(error)
      this.#wakeAt = now + RETRY_AFTER
    }
  }
}
