// Owns the wait for a first answer: until it is complete, in the time that the caller gives it.
// Does not own what the answer is (node-table.ts).
import type { Cancel, Clock } from '../host/ports.ts'
import type { Instant } from '../mdns/types.ts'
import type { View } from './medium.ts'

/** For how long an answer is held back, in milliseconds, for the sake of something that is not known in full yet. */
const PENDING_PATIENCE = 1_000

export interface SettleOptions {
  readonly clock: Clock
  /** Whether what is known by now may be an answer. */
  readonly enough: () => boolean
  /** Milliseconds; Infinity waits for as long as it takes. */
  readonly timeout: number
  /** Each of them ends the wait; the promise rejects with its reason. */
  readonly signals: readonly AbortSignal[]
}

/** Resolves once there is enough, nothing is pending and the view was quiet for a while, or else after the timeout. */
export function settle(view: View, options: SettleOptions): Promise<void> {
  if (view.settled && options.enough()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const wait = new Wait(view, options, (outcome) => ('reason' in outcome ? reject(outcome.reason) : resolve()))
    wait.look()
  })
}

type Outcome = { readonly reason: unknown } | { readonly settled: boolean }

class Wait {
  readonly #view: View
  readonly #options: SettleOptions
  readonly #done: (outcome: Outcome) => void
  readonly #cleanup: Cancel[] = []
  #quiet: Cancel | undefined
  #enoughSince: Instant | undefined

  constructor(view: View, options: SettleOptions, done: (outcome: Outcome) => void) {
    this.#view = view
    this.#options = options
    this.#done = done
    const { clock, timeout, signals } = options
    this.#cleanup.push(view.table.on(() => this.look()))
    if (Number.isFinite(timeout)) {
      this.#cleanup.push(clock.at(clock.now() + timeout, () => this.#end({ settled: false })))
    }
    for (const signal of signals) {
      const abort = () => this.#end({ reason: signal.reason })
      signal.addEventListener('abort', abort)
      this.#cleanup.push(() => signal.removeEventListener('abort', abort))
    }
  }

  /** Something may have changed: the quiet time starts again. */
  look(): void {
    this.#quiet?.()
    this.#quiet = undefined
    const { clock, enough } = this.#options
    if (!enough()) return
    this.#enoughSince ??= clock.now()
    const { quiet, settled } = this.#view
    if (quiet === 0 || settled) this.#end({ settled: true })
    else this.#quiet = clock.at(clock.now() + quiet, () => this.#hush())
  }

  /** It was quiet for long enough. */
  #hush(): void {
    const waited = this.#options.clock.now() - (this.#enoughSince ?? 0)
    if (this.#view.pending && waited < PENDING_PATIENCE) this.look()
    else this.#end({ settled: true })
  }

  #end(outcome: Outcome): void {
    this.#quiet?.()
    for (const undo of this.#cleanup.splice(0)) undo()
    if ('settled' in outcome && outcome.settled) this.#view.settled = true
    this.#done(outcome)
  }
}
