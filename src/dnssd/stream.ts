// Owns the bounded queue behind every asynchronous iteration: what a slow consumer has not read yet.
// Does not own where the items come from, nor which of them mean the same (the `coalesce` of its maker).
import { RegistryError } from '../errors.ts'
import { LIMITS } from '../mdns/limits.ts'

/** What `coalesce` returns for two items that cancel each other out. */
export const NOTHING: unique symbol = Symbol('nothing')

export interface StreamOptions<T> {
  /**
   * The one item that stands for both, NOTHING if they cancel each other out, undefined if they have nothing to do
   * with each other. Called with the newest related item first, only once the queue is at its cap. Without it a stream
   * that overflows fails with ERR_TOO_MANY.
   */
  readonly coalesce?: (queued: T, next: T) => T | typeof NOTHING | undefined
  /** Called once, when nobody will read any more or nothing will come any more. */
  readonly onEnd?: () => void
  /** The number of queued items from which on new ones are folded into them. */
  readonly cap?: number
}

interface Reader<T> {
  resolve(result: IteratorResult<T, undefined>): void
  reject(error: unknown): void
}

/**
 * An asynchronous iterator that is fed by `push`; a `for await` loop that is left ends it. At its cap it grows only by
 * items that nothing in the queue can take in: with `coalesceBrowse` no more than there are instances.
 */
export class Stream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #options: StreamOptions<T>
  readonly #queue: T[] = []
  readonly #readers: Reader<T>[] = []
  #ended = false
  #failure: { readonly error: unknown } | undefined

  constructor(options: StreamOptions<T> = {}) {
    this.#options = options
  }

  /** How many items wait to be read. */
  get size(): number {
    return this.#queue.length
  }

  push(item: T): void {
    if (this.#ended) return
    const reader = this.#readers.shift()
    if (reader) reader.resolve({ done: false, value: item })
    else if (this.#queue.length < (this.#options.cap ?? LIMITS.queue)) this.#queue.push(item)
    else this.#fold(item)
  }

  /** No more items; what is queued can still be read. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    for (const reader of this.#readers.splice(0)) this.#finish(reader)
    this.#options.onEnd?.()
  }

  /** As `end`, but the read after the last item rejects. */
  fail(error: unknown): void {
    if (this.#ended) return
    this.#failure = { error }
    this.end()
  }

  /** Several calls may wait at a time; they are served in their order. */
  next(): Promise<IteratorResult<T, undefined>> {
    const value = this.#queue[0]
    if (this.#queue.length > 0) {
      this.#queue.shift()
      return Promise.resolve({ done: false, value: value as T })
    }
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject }
      if (this.#ended) this.#finish(reader)
      else this.#readers.push(reader)
    })
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#queue.length = 0
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #finish(reader: Reader<T>): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure) reader.reject(failure.error)
    else reader.resolve({ done: true, value: undefined })
  }

  #fold(item: T): void {
    const coalesce = this.#options.coalesce
    if (!coalesce) {
      this.fail(new RegistryError('ERR_TOO_MANY', 'The items of this stream were read too slowly'))
      return
    }
    for (let i = this.#queue.length - 1; i >= 0; i--) {
      const merged = coalesce(this.#queue[i] as T, item)
      if (merged === undefined) continue
      if (merged === NOTHING) this.#queue.splice(i, 1)
      else this.#queue[i] = merged
      return
    }
    this.#queue.push(item)
  }
}
