// Owns the live view of the instances of one service type: which are up, and what changed.
// Does not own how one of them is resolved (resolver.ts, resolve.ts) nor the queues of its readers (feed.ts).
import { EventEmitter } from 'eventemitter3'
import type { RemovalReason } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { coalesceBrowse } from './coalesce.ts'
import { Feed } from './feed.ts'
import { Pointers } from './pointers.ts'
import { bareService, sameService } from './resolve.ts'
import { type Discovery, Resolver } from './resolver.ts'
import {
  browsedType,
  checkedSubtype,
  type InstanceParts,
  instanceParts,
  subtypeName,
  typeName,
} from './service-type.ts'
import { Stopper } from './stopper.ts'
import type { BrowseEvent, BrowseOptions, Service } from './types.ts'

export interface BrowserEvents {
  up: [service: Service]
  update: [service: Service, previous: Service]
  down: [service: Service, reason: RemovalReason]
}

interface Instance {
  readonly fullName: Name
  readonly parts: InstanceParts
  readonly resolver: Resolver | undefined
  /** Whether some link holds a PTR record to it. */
  pointed: boolean
  /** As it was last reported; undefined while it is not up. */
  service: Service | undefined
}

/**
 * Browses until stopped. Each `for await` loop begins with an `up` for every instance that is up, and goes on with what
 * changes; leaving the last loop, like aborting the signal, stops the browser and its questions.
 */
export class Browser extends EventEmitter<BrowserEvents> implements AsyncIterable<BrowseEvent, undefined> {
  /** `_http._tcp`. */
  readonly type: string
  readonly #discovery: Discovery
  readonly #name: Name
  readonly #resolves: boolean
  /** Bounded by the cache: an instance without a PTR record is forgotten. */
  readonly #instances = new Map<string, Instance>()
  readonly #dirty = new Map<Instance, RemovalReason | undefined>()
  readonly #feed: Feed<BrowseEvent>
  readonly #pointers: Pointers
  readonly #stopper = new Stopper()

  /** Made by `Dnssd.browse`. */
  constructor(discovery: Discovery, type: string, options: BrowseOptions = {}) {
    super()
    this.type = browsedType(type)
    const { subtype, resolve = true, signal } = options
    this.#name = subtype === undefined ? typeName(this.type) : subtypeName(checkedSubtype(subtype), this.type)
    this.#discovery = discovery
    this.#resolves = resolve
    this.#feed = new Feed({ coalesce: coalesceBrowse, onIdle: () => this.stop() })
    this.#pointers = new Pointers(discovery.host, this.#name, (target, gone) => this.#pointed(target, gone))
    this.#stopper.watch(discovery.closing, signal, (error) => this.#stop(error))
  }

  /** The instances that are up now; once stopped, those that were up then. */
  get services(): readonly Service[] {
    return [...this.#instances.values()].flatMap(({ service }) => service ?? [])
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<BrowseEvent, undefined> {
    const known = this.#stopper.stopped ? [] : this.services
    return this.#feed.open(known.map((service) => ({ event: 'up', service })))
  }

  /** Ends the questions, the loops and the events. */
  stop(): void {
    this.#stopper.stop()
  }

  #stop(error: unknown): void {
    this.#pointers.close()
    for (const { resolver } of this.#instances.values()) resolver?.close()
    this.#feed.end(error)
  }

  #pointed(target: Name, gone: RemovalReason | undefined): void {
    const instance = this.#instances.get(foldName(target)) ?? this.#add(target)
    if (instance === undefined) return
    instance.pointed = gone === undefined
    this.#touch(instance, gone)
  }

  /** A record that points to something which is no instance is passed over. */
  #add(fullName: Name): Instance | undefined {
    const parts = instanceParts(fullName)
    if (parts === undefined) return undefined
    const resolver = this.#resolves
      ? new Resolver(this.#discovery, fullName, parts, {
          changed: (gone) => this.#touch(instance, gone),
          silent: () => this.#doubt(fullName),
        })
      : undefined
    const instance: Instance = { fullName, parts, resolver, pointed: true, service: undefined }
    this.#instances.set(foldName(fullName), instance)
    return instance
  }

  #touch(instance: Instance, gone: RemovalReason | undefined): void {
    this.#dirty.set(instance, gone ?? this.#dirty.get(instance))
    this.#discovery.host.settle(this.#judgeAll)
  }

  /** One pass per step, over the instances that the step touched. */
  readonly #judgeAll = (): void => {
    const touched = [...this.#dirty]
    this.#dirty.clear()
    for (const [instance, gone] of touched) {
      if (this.#stopper.stopped) return
      const event = this.#judge(instance, gone)
      if (event) this.#report(event)
    }
  }

  #judge(instance: Instance, gone: RemovalReason = 'superseded'): BrowseEvent | undefined {
    const previous = instance.service
    const service = this.#read(instance)
    if (previous && service && sameService(previous, service)) return undefined
    instance.service = service
    if (service === undefined) return previous && { event: 'down', service: previous, reason: gone }
    return previous ? { event: 'update', service, previous } : { event: 'up', service }
  }

  /**
   * The instance if a client could use it. It is down as soon as its PTR, its SRV or its last address is gone; without
   * its SRV the PTR that led to it is doubted as well, RFC 6762 §10.4.
   */
  #read(instance: Instance): Service | undefined {
    const { fullName, parts, resolver, service: previous } = instance
    if (!instance.pointed) {
      resolver?.close()
      this.#instances.delete(foldName(fullName))
      return undefined
    }
    if (resolver === undefined) return bareService(fullName, parts)
    const { service, missing } = resolver.resolve(previous)
    if (missing === undefined) return service
    if (previous && missing === 'SRV') this.#doubt(fullName)
    return undefined
  }

  #doubt(fullName: Name): void {
    this.#discovery.host.reconfirm(this.#name, 'PTR', fullName)
  }

  /** Readers first; every listener runs on its own, so that one that throws takes no event from the others. */
  #report(event: BrowseEvent): void {
    this.#feed.push(event)
    this.#discovery.host.settle(() => {
      if (!this.#stopper.stopped) this.#emit(event)
    })
  }

  #emit(event: BrowseEvent): void {
    if (event.event === 'up') this.emit('up', event.service)
    else if (event.event === 'update') this.emit('update', event.service, event.previous)
    else this.emit('down', event.service, event.reason)
  }
}
