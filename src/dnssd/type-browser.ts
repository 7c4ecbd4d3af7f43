// Owns the live view of which service types there are on the link, RFC 6763 §9.
// Does not own the instances of a type (browser.ts).
import { EventEmitter } from 'eventemitter3'
import type { RemovalReason } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { Feed } from './feed.ts'
import type { Loss } from './loss.ts'
import { Pointers } from './pointers.ts'
import type { Discovery } from './resolver.ts'
import { META_NAME, typeOf } from './service-type.ts'
import { Stopper } from './stopper.ts'
import { NOTHING } from './stream.ts'
import type { TypeEvent, TypesOptions } from './types.ts'

export interface TypeBrowserEvents {
  up: [type: string]
  down: [type: string, reason: RemovalReason]
}

/** As `Browser`, for service types: `_http._tcp`, `_ipp._tcp`. */
export class TypeBrowser extends EventEmitter<TypeBrowserEvents> implements AsyncIterable<TypeEvent, undefined> {
  readonly #discovery: Discovery
  /** Bounded by the cache, as every type has a PTR record there. */
  readonly #types = new Map<string, string>()
  readonly #feed: Feed<TypeEvent>
  readonly #stopper = new Stopper()

  /** Made by `Dnssd.types`. */
  constructor(discovery: Discovery, { signal, ref = true }: TypesOptions = {}) {
    super()
    this.#discovery = discovery
    this.#feed = new Feed({ coalesce: coalesceType, onIdle: () => this.stop() })
    const pointers = new Pointers(discovery.host, META_NAME, (target, loss) => this.#pointed(target, loss))
    const letGo = ref ? discovery.host.hold('standing') : () => {}
    this.#stopper.watch(discovery.closing, signal, (error) => {
      letGo()
      pointers.close()
      this.#feed.end(error)
    })
  }

  /** The types that are there now. */
  get types(): readonly string[] {
    return [...this.#types.values()]
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<TypeEvent, undefined> {
    const known = this.#stopper.stopped ? [] : this.types
    return this.#feed.open(known.map((type) => ({ event: 'up', type })))
  }

  stop(): void {
    this.#stopper.stop()
  }

  #pointed(target: Name, loss: Loss | undefined): void {
    const type = typeOf(target)
    if (type === undefined || this.#stopper.stopped) return
    if (loss === undefined) {
      this.#types.set(foldName(target), type)
      this.#report({ event: 'up', type })
    } else {
      this.#types.delete(foldName(target))
      this.#report({ event: 'down', type, reason: loss.reason })
    }
  }

  #report(event: TypeEvent): void {
    this.#feed.push(event)
    this.#discovery.host.settle(() => {
      if (this.#stopper.stopped) return
      if (event.event === 'up') this.emit('up', event.type)
      else this.emit('down', event.type, event.reason)
    })
  }
}

function coalesceType(queued: TypeEvent, next: TypeEvent): TypeEvent | typeof NOTHING | undefined {
  if (queued.type.toLowerCase() !== next.type.toLowerCase()) return undefined
  return queued.event === 'up' && next.event === 'down' ? NOTHING : undefined
}
