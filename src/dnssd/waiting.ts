// Owns a promise that somebody waits for only so long: a timeout by the host's clock, and signals.
// Does not own what is waited for (instance-lookup.ts, address-lookup.ts).
import { RegistryError } from '../errors.ts'
import type { Cancel } from '../host/ports.ts'
import type { Discovery } from './resolver.ts'
import type { WaitOptions } from './types.ts'

const DEFAULT_TIMEOUT = 3_000
/** The longest delay that timers know; as good as for ever. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

export interface Waiting<T> {
  resolve(value: T): void
  reject(error: unknown): void
}

export interface Search {
  /** The time is up: this resolves or rejects. */
  timeUp(milliseconds: number): void
  cancel: Cancel
}

/**
 * Runs `start` and waits for what it resolves with. Rejects with the reason of the caller's signal, or with that
 * of the host's end; however it ends, everything is cancelled.
 */
export function waitFor<T>(
  { host, closing }: Discovery,
  { timeout = DEFAULT_TIMEOUT, signal }: WaitOptions,
  start: (waiting: Waiting<T>) => Search,
): Promise<T> {
  checkTimeout(timeout)
  const signals = signal === undefined ? [closing] : [closing, signal]
  const promise = new Promise<T>((resolve, reject) => {
    const cancels = new Cancels()
    const waiting: Waiting<T> = {
      resolve: (value) => {
        cancels.run()
        resolve(value)
      },
      reject: (error) => {
        cancels.run()
        reject(error)
      },
    }
    for (const one of signals) cancels.add(onAbort(one, () => waiting.reject(one.reason)))
    if (cancels.done) return
    cancels.add(host.hold('call'))
    // Inside of a step of the host nothing is told before `start` has returned.
    host.settle(() => {
      const search = start(waiting)
      cancels.add(search.cancel)
      cancels.add(host.clock.at(host.clock.now() + Math.min(timeout, LONGEST_TIMEOUT), () => search.timeUp(timeout)))
    })
  })
  // Closing a host must not end the process of a caller who comes for the result only later.
  promise.catch(() => {})
  return promise
}

/** Runs each once; one that comes too late at once. */
class Cancels {
  readonly #cancels: Cancel[] = []
  done = false

  add(cancel: Cancel): void {
    if (this.done) cancel()
    else this.#cancels.push(cancel)
  }

  run(): void {
    this.done = true
    for (const cancel of this.#cancels.splice(0)) cancel()
  }
}

function onAbort(signal: AbortSignal, run: () => void): Cancel {
  if (signal.aborted) run()
  else signal.addEventListener('abort', run)
  return () => signal.removeEventListener('abort', run)
}

function checkTimeout(timeout: number): void {
  if (typeof timeout === 'number' && timeout >= 0) return
  throw new RegistryError('ERR_TIMEOUT', `The timeout ${String(timeout)} is no number of milliseconds`)
}
