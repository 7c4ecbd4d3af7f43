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

/**
 * Resolves once there is enough, nothing is pending and the time for answers is over, or else after the timeout. An
 * answer within that time does not put it off.
 */
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

  /** Something may have changed. */
  look(): void {
    const { clock, enough } = this.#options
    const { quiet, settled, askedAt } = this.#view
    this.#quiet?.()
    this.#quiet = undefined
    if (!enough()) return
    const now = clock.now()
    this.#enoughSince ??= now
    if (quiet === 0 || settled) this.#end({ settled: true })
    else this.#wait(askedAt === undefined ? now + quiet : Math.max(now, askedAt + quiet))
  }

  /** The time for answers is over, unless the question was asked only now, or something is not known in full yet. */
  #hush(): void {
    const now = this.#options.clock.now()
    const { pending, quiet, askedAt } = this.#view
    const answeredAt = askedAt === undefined ? now : askedAt + quiet
    if (answeredAt > now) this.#wait(answeredAt)
    else if (pending && now - (this.#enoughSince ?? 0) < PENDING_PATIENCE) this.#wait(now + quiet)
    else this.#end({ settled: true })
  }

  #wait(until: Instant): void {
    this.#quiet = this.#options.clock.at(until, () => this.#hush())
  }

  #end(outcome: Outcome): void {
    this.#quiet?.()
    for (const undo of this.#cleanup.splice(0)) undo()
    if ('settled' in outcome && outcome.settled) this.#view.settled = true
    this.#done(outcome)
  }
}
