// Owns the streams that read from one source: each has its own queue, and the last one to leave is noticed.
// Does not own the queue (stream.ts) nor the source (browser.ts, type-browser.ts).
import { Stream, type StreamOptions } from './stream.ts'

export interface FeedOptions<T> {
  readonly coalesce: NonNullable<StreamOptions<T>['coalesce']>
  /** A loop was left, and no other is reading. */
  readonly onIdle: () => void
}

export class Feed<T> {
  readonly #options: FeedOptions<T>
  readonly #streams = new Set<Stream<T>>()
  #end: { readonly error: unknown } | undefined

  constructor(options: FeedOptions<T>) {
    this.#options = options
  }

  /** A new reader, to whom `initial` is told first. */
  open(initial: readonly T[]): Stream<T> {
    const { coalesce, onIdle } = this.#options
    const stream: Stream<T> = new Stream({
      coalesce,
      onEnd: () => {
        this.#streams.delete(stream)
        if (this.#streams.size === 0) onIdle()
      },
    })
    for (const item of initial) stream.push(item)
    this.#streams.add(stream)
    if (this.#end) finish(stream, this.#end.error)
    return stream
  }

  push(item: T): void {
    for (const stream of this.#streams) stream.push(item)
  }

  /** Nothing more will come; with an error, every reader is told of it. */
  end(error?: unknown): void {
    this.#end ??= { error }
    for (const stream of [...this.#streams]) finish(stream, error)
  }
}

function finish<T>(stream: Stream<T>, error: unknown): void {
  if (error === undefined) stream.end()
  else stream.fail(error)
}
