// Owns waiting for a promise for no longer than a signal allows.
// Does not own what the promise stands for; that goes on.

/** Rejects with the reason of the signal once it is aborted, at once if it is already. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
