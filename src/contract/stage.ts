// Owns what one case of the contract has to work with: a link, programs on it, and the assertions that all cases share.
// Does not own any expectation of a backend (chapters/).
import assert from 'node:assert/strict'
import type { RegistryErrorCode } from '../errors.ts'
import type { GetOptions, Registry, RegistryOptions, Service, Watcher } from '../registry/types.ts'
import type { ContractLink, Lack } from './link.ts'
import { coded } from './refusal.ts'
import { Told } from './told.ts'

/** A timer may count whole milliseconds, and so be early by less than one. */
const EARLY = 1
/** Virtual instants are sums of fractions, which are exact to a millionth. */
const EXACT = 1e-6
/** Milliseconds in which a backend that knows of no node says so. */
const SHORT = 10

export class Stage {
  readonly link: ContractLink
  readonly #registries: Registry[] = []
  #here: Registry | undefined
  #there: Registry | undefined

  constructor(link: ContractLink) {
    this.link = link
  }

  /** One program. */
  get here(): Registry {
    this.#here ??= this.registry()
    return this.#here
  }

  /** Another one. */
  get there(): Registry {
    this.#there ??= this.registry()
    return this.#there
  }

  /** One more, which is closed in the end. */
  registry(options: RegistryOptions = {}): Registry {
    const registry = this.link.registry(options)
    this.#registries.push(registry)
    return registry
  }

  lacks(what: Lack): boolean {
    return this.link.lacks?.includes(what) ?? false
  }

  until<T>(promise: PromiseLike<T>): Promise<T> {
    return this.link.until(Promise.resolve(promise))
  }

  run(ms: number): Promise<void> {
    return this.link.run(ms)
  }

  now(): number {
    return this.link.now()
  }

  /** For a call that is waited for only later: until then nobody minds if it fails. */
  later<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {})
    return promise
  }

  /** Until everybody knows what happened so far. */
  spread(): Promise<void> {
    return this.run(this.link.lag)
  }

  follow(watcher: Watcher): Told {
    return new Told(watcher, this.link)
  }

  found(registry: Registry, name: string, options?: GetOptions): Promise<readonly Service[]> {
    return this.until(registry.getService(name, options))
  }

  /** By version, in the order in which they are found. */
  async ids(registry: Registry, name: string, options?: GetOptions): Promise<readonly (readonly string[])[]> {
    return (await this.found(registry, name, options)).map(({ nodes }) => nodes.map(({ id }) => id))
  }

  missing(registry: Registry, name: string, timeout = SHORT): Promise<void> {
    return this.refused(registry.getService(name, { timeout }), 'ERR_NOT_FOUND')
  }

  refused(promise: Promise<unknown>, ...codes: readonly RegistryErrorCode[]): Promise<void> {
    return assert.rejects(this.until(promise), coded(...codes))
  }

  /** `since` is so many milliseconds ago, to within what the link allows. */
  passed(since: number, ms: number): void {
    this.passedAt(this.now(), since, ms)
  }

  /** At `then` it was so many milliseconds after `since`, and `more` at most. */
  passedAt(then: number, since: number, ms: number, more = 0): void {
    const { slack } = this.link
    const took = then - since
    const due = more === 0 ? `${ms} ms` : `${ms} to ${ms + more} ms`
    assert.ok(took >= ms - (slack > 0 ? EARLY : EXACT), `it took ${took} ms, less than the ${due} that are due`)
    assert.ok(took <= ms + more + Math.max(slack, EXACT), `it took ${took} ms, more than the ${due} that are due`)
  }

  /** Closes whatever was opened, all of it even if some cannot be closed. */
  async close(): Promise<void> {
    const closing = Promise.allSettled(this.#registries.map(async (registry) => registry.close()))
    try {
      for (const outcome of await this.until(closing)) if (outcome.status === 'rejected') throw outcome.reason
    } finally {
      await this.link.close?.()
    }
  }
}
