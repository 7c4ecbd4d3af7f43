// Owns that something ends exactly once: by its own `stop`, by its caller's signal, or with the host.
// Does not own what ending means.
import { RegistryError } from '../errors.ts'

/** Told an error only if the end was one that nobody asked for. */
export type OnStop = (error: unknown) => void

export class Stopper {
  #signals: readonly AbortSignal[] = []
  #onStop: OnStop = () => {}
  #stopped = false

  get stopped(): boolean {
    return this.#stopped
  }

  /** From here on `onStop` is told of the end, at once if one of the signals was aborted already. */
  watch(closing: AbortSignal, signal: AbortSignal | undefined, onStop: OnStop): void {
    this.#onStop = onStop
    this.#signals = signal === undefined ? [closing] : [closing, signal]
    for (const one of this.#signals) one.addEventListener('abort', this.#aborted)
    if (closing.aborted || signal?.aborted) this.#end(failureOf(closing))
  }

  stop(): void {
    this.#end(undefined)
  }

  readonly #aborted = (): void => this.#end(failureOf(this.#signals[0]))

  #end(error: unknown): void {
    if (this.#stopped) return
    this.#stopped = true
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#aborted)
    this.#onStop(error)
  }
}

/** A host that was closed is no failure; one that could not be opened is. */
function failureOf(closing: AbortSignal | undefined): unknown {
  if (!closing?.aborted) return undefined
  const { reason } = closing
  return reason instanceof RegistryError && reason.code === 'ERR_CLOSED' ? undefined : reason
}
