// Owns how a command follows a stream: until it ends, or a signal says enough.
// Does not own the streams nor what is done with their items.
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Session } from './session.ts'

/** How long a first answer may take when no `--timeout` is given; three queries leave in this time. */
const FIRST_ANSWER = 3500
/** The answers have settled when nothing new has come for so long. */
const SETTLED = 1000
/** On a link where something changes all the time they never do; then this has to be enough. */
const LONGEST = 5_000

export interface Followed<T> extends AsyncIterable<T> {
  stop(): void
}

/** Hands every item to `each`; returns quietly when `signal` is aborted. */
export async function follow<T>(stream: Followed<T>, signal: AbortSignal, each: (item: T) => void): Promise<void> {
  const stop = () => stream.stop()
  if (signal.aborted) return stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const item of stream) each(item)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** As follow, until the answers have settled, or for five seconds; `--timeout` is how long the first one may take. */
export async function followUntilSettled<T>(
  stream: Followed<T>,
  session: Session,
  each: (item: T) => void,
): Promise<void> {
  const settled = new AbortController()
  const settle = () => settled.abort()
  const patience = session.options.timeout ?? FIRST_ANSWER
  const longest = setTimeout(settle, Math.max(patience, LONGEST))
  let timer = setTimeout(settle, patience)
  try {
    await follow(stream, AbortSignal.any([session.signal, settled.signal]), (item) => {
      each(item)
      clearTimeout(timer)
      timer = setTimeout(settle, SETTLED)
    })
  } finally {
    clearTimeout(timer)
    clearTimeout(longest)
  }
}

/** A stream that `--timeout` ended with nothing to show has found nothing in time. */
export function exitCodeOfStream(session: Session): ExitCode {
  return session.output.count > 0 || session.signal.aborted ? EXIT.ok : EXIT.notFound
}
