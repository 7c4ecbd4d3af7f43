// Owns how a registry is made wrong: some of its verbs, or what its watchers tell, are replaced.
// Does not own any mutant (contract-mutants.test.ts).
import { Emitter } from '../../src/dnssd/emitter.ts'
import { Stream } from '../../src/dnssd/stream.ts'
import { RegistryError } from '../../src/errors.ts'
import type { Registry, Result, Watcher, WatcherEvents } from '../../src/registry/types.ts'

export type Alteration = (registry: Registry) => Partial<Registry>

/** `registry` with the members that `alter` gives in place of its own. */
export function altered(registry: Registry, alter: Alteration): Registry {
  const changes = alter(registry)
  return new Proxy(registry, {
    get(target, key) {
      const owner = Object.hasOwn(changes, key) ? changes : target
      const value: unknown = Reflect.get(owner, key, owner)
      return typeof value === 'function' ? value.bind(owner) : value
    },
  })
}

/** What each result becomes: none, one, or several. */
export type Retell = (result: Result) => readonly Result[]

export interface RetoldOptions {
  /** How many results wait for a slow reader; what comes then is dropped. Default: no limit. */
  readonly room?: number
  /** Whether `stop` is heeded. Default true. */
  readonly stops?: boolean
}

/** A watcher that tells something else than the one it listens to. */
export class RetoldWatcher extends Emitter<WatcherEvents> implements Watcher {
  readonly #inner: Watcher
  readonly #options: RetoldOptions
  readonly #stream = new Stream<Result>({ cap: Number.POSITIVE_INFINITY })

  constructor(inner: Watcher, retell: Retell, options: RetoldOptions = {}) {
    super()
    this.#inner = inner
    this.#options = options
    inner.on('result', (result) => {
      for (const told of retell(result)) this.#tell(told)
    })
    inner.on('stop', () => {
      void this.#stream.return()
      this.emit('stop')
    })
  }

  async next(): Promise<Result> {
    const { value } = await this.#stream.next()
    if (value !== undefined) return value
    throw new RegistryError('ERR_CLOSED', 'over')
  }

  stop(): void {
    if (this.#options.stops ?? true) this.#inner.stop()
  }

  [Symbol.asyncIterator](): AsyncIterator<Result> {
    return this.#stream
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop()
  }

  #tell(result: Result): void {
    if (this.#stream.size < (this.#options.room ?? Number.POSITIVE_INFINITY)) this.#stream.push(result)
    this.emit('result', result)
  }
}

/** Watchers that tell something else; what they are asked for stays the same unless `watch` says otherwise. */
export function retelling(retell: Retell, options?: RetoldOptions): Alteration {
  return (registry) => ({ watch: (asked) => new RetoldWatcher(registry.watch(asked), retell, options) })
}
