// Owns the signals of the process and the end of its reader.
// Does not own what is closed then (session.ts).

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const INTERRUPTED = 130

/** Aborted by a first signal, or when nobody reads our output any more; a second one does not wait for goodbyes. */
export function endOfProcess(process: NodeJS.Process): AbortSignal {
  const end = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (end.signal.aborted) process.exit(INTERRUPTED)
      end.abort()
    })
  }
  process.stdout.on('error', () => end.abort())
  process.stderr.on('error', () => end.abort())
  return end.signal
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
