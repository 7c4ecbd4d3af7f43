// Owns one run of a health check, and when it counts as failed.
// Does not own what follows from it (kept-registration.ts).
import { asError, RegistryError } from '../errors.ts'
import type { Clock } from '../host/ports.ts'
import { abortable } from '../registry/abortable.ts'

/**
 * Whether the service is fit to be called. It fails by `false`, by throwing or rejecting, and by taking too long; the
 * signal is aborted then, and when the result is of no use any more.
 */
export type Check = (signal: AbortSignal) => unknown

export interface CheckOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly timeout: number
  /** Ends the wait; the promise rejects with its reason. */
  readonly signal: AbortSignal
}

/** Resolves if the check passes, rejects with ERR_CHECK_FAILED if it does not. */
export async function runCheck(check: Check, { clock, timeout, signal }: CheckOptions): Promise<void> {
  const end = new AbortController()
  const abort = () => end.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const cancel = clock.at(clock.now() + timeout, () => end.abort(failed(`gave no answer in ${timeout} ms`)))
  try {
    const verdict = await abortable((async () => check(end.signal))(), end.signal)
    if (verdict === false) throw failed('returned false')
  } catch (error) {
    if (signal.aborted || isFailure(error)) throw error
    throw failed(`failed: ${asError(error).message}`, error)
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
}

function failed(how: string, cause?: unknown): RegistryError {
  return new RegistryError(
    'ERR_CHECK_FAILED',
    `The check ${how}; the service is not registered until it passes`,
    cause === undefined ? {} : { cause },
  )
}

function isFailure(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'ERR_CHECK_FAILED'
}
