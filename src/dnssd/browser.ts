// Owns the live view of the instances of one service type: which are up, and what changed.
// Does not own how one of them is resolved (resolver.ts, resolve.ts) nor the queues of its readers (feed.ts).
import { EventEmitter } from 'eventemitter3'
import type { Cancel } from '../host/ports.ts'
import type { RemovalReason } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { coalesceBrowse } from './coalesce.ts'
import { Feed } from './feed.ts'
import { graver, type Loss } from './loss.ts'
import { Pointers } from './pointers.ts'
import { bareService, sameService } from './resolve.ts'
import { type Discovery, Resolver, type ResolverListener } from './resolver.ts'
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

/**
 * Milliseconds for which an instance that may only have been missed is believed to be there still. The new series of
 * questions has three in that time, RFC 6762 §5.2.
 */
const SUSPICION = 4_500

/** Whoever is told what becomes of an instance. */
interface Owner {
  touch(instance: Instance, loss: Loss | undefined): void
  doubt(instance: Instance): void
}

class Instance implements ResolverListener {
  readonly fullName: Name
  readonly parts: InstanceParts
  readonly #owner: Owner
  readonly resolver: Resolver | undefined
  /** Whether some link holds a PTR record to it. */
  pointed = true
  /** As it was last reported; undefined while it is not up. */
  service: Service | undefined = undefined
  /** Ends the time in which it stays up though something that it needs was not heard again. */
  suspicion: Cancel | undefined = undefined

  /** With a discovery, all of it is asked for. */
  constructor(fullName: Name, parts: InstanceParts, owner: Owner, discovery: Discovery | undefined) {
    this.fullName = fullName
    this.parts = parts
    this.#owner = owner
    this.resolver = discovery && new Resolver(discovery, fullName, parts, this)
  }

  changed(loss: Loss | undefined): void {
    this.#owner.touch(this, loss)
  }

  silent(): void {
    this.#owner.doubt(this)
  }
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
  /** Bounded by the cache: an instance without a PTR record is forgotten, at once or when it was suspect. */
  readonly #instances = new Map<string, Instance>()
  readonly #dirty = new Map<Instance, Loss | undefined>()
  readonly #feed: Feed<BrowseEvent>
  readonly #pointers: Pointers
  readonly #stopper = new Stopper()
  readonly #letGo: Cancel
  readonly #owner: Owner = {
    touch: (instance, loss) => this.#touch(instance, loss),
    doubt: ({ fullName }) => this.#doubt(fullName),
  }

  /** Made by `Dnssd.browse`. */
  constructor(discovery: Discovery, type: string, options: BrowseOptions = {}) {
    super()
    this.type = browsedType(type)
    const { subtype, resolve = true, signal, ref = true } = options
    this.#name = subtype === undefined ? typeName(this.type) : subtypeName(checkedSubtype(subtype), this.type)
    this.#discovery = discovery
    this.#resolves = resolve
    this.#feed = new Feed({ coalesce: coalesceBrowse, onIdle: () => this.stop() })
    this.#pointers = new Pointers(discovery.host, this.#name, (target, loss) => this.#pointed(target, loss))
    this.#letGo = ref ? discovery.host.hold('standing') : () => {}
    this.#stopper.watch(discovery.closing, signal, (error) => this.#stop(error))
  }

  /** The instances that are up now; once stopped, those that were up then. */
  get services(): readonly Service[] {
    return [...this.#instances.values()].flatMap(({ service }) => service ?? [])
  }

  /** Whether an instance is known by its name alone, so that it may be up soon. */
  get pending(): boolean {
    for (const { pointed, service } of this.#instances.values()) if (pointed && service === undefined) return true
    return false
  }

  /** Milliseconds of the host's clock: when the question was last asked on every link; undefined while it was not. */
  get askedAt(): number | undefined {
    return this.#pointers.askedAt
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
    this.#letGo()
    this.#pointers.close()
    for (const { resolver, suspicion } of this.#instances.values()) {
      resolver?.close()
      suspicion?.()
    }
    this.#feed.end(error)
  }

  #pointed(target: Name, loss: Loss | undefined): void {
    const instance = this.#instances.get(foldName(target)) ?? this.#add(target)
    if (instance === undefined) return
    instance.pointed = loss === undefined
    this.#touch(instance, loss)
  }

  /** A record that points to something which is no instance is passed over. */
  #add(fullName: Name): Instance | undefined {
    const read = instanceParts(fullName)
    if (read === undefined) return undefined
    // One text for all instances of the type, of which there may be thousands.
    const parts = read.type === this.type ? { ...read, type: this.type } : read
    const instance = new Instance(fullName, parts, this.#owner, this.#resolves ? this.#discovery : undefined)
    this.#instances.set(foldName(fullName), instance)
    return instance
  }

  #touch(instance: Instance, loss: Loss | undefined): void {
    this.#dirty.set(instance, graver(this.#dirty.get(instance), loss))
    this.#discovery.host.settle(this.#judgeAll)
  }

  /** One pass per step, over the instances that the step touched. */
  readonly #judgeAll = (): void => {
    const touched = [...this.#dirty]
    this.#dirty.clear()
    for (const [instance, loss] of touched) {
      if (this.#stopper.stopped) return
      const event = this.#judge(instance, loss)
      if (event) this.#report(event)
    }
  }

  #judge(instance: Instance, loss: Loss | undefined): BrowseEvent | undefined {
    const previous = instance.service
    const service = this.#read(instance)
    if (service === undefined && previous && this.#isSuspect(instance, loss)) return undefined
    instance.suspicion?.()
    instance.suspicion = undefined
    if (service === undefined) this.#leave(instance)
    if (previous && service && sameService(previous, service)) return undefined
    instance.service = service
    if (service) return previous ? { event: 'update', service, previous } : { event: 'up', service }
    return previous && { event: 'down', service: previous, reason: loss?.reason ?? 'superseded' }
  }

  /** The instance if a client could use it, which takes its PTR, its SRV and an address. */
  #read({ fullName, parts, resolver, pointed, service: previous }: Instance): Service | undefined {
    if (!pointed) return undefined
    if (resolver === undefined) return bareService(fullName, parts)
    const { service, missing } = resolver.resolve(previous)
    return missing === undefined ? service : undefined
  }

  /**
   * Whether an instance that is not there in full stays up for now: what it lacks may be heard again in a moment. It
   * is asked for, as all that a resolver or a browser wants; what is heard in time is no news to anyone.
   */
  #isSuspect(instance: Instance, loss: Loss | undefined): boolean {
    if (loss === undefined) return instance.suspicion !== undefined
    if (!loss.doubtful) return false
    const { clock } = this.#discovery.host
    const end = () => this.#touch(instance, { reason: loss.reason, doubtful: false })
    instance.suspicion ??= clock.at(clock.now() + SUSPICION, end)
    return true
  }

  /** Without a PTR there is nothing to wait for; without its SRV the PTR is doubted as well, RFC 6762 §10.4. */
  #leave({ fullName, resolver, pointed, service: previous }: Instance): void {
    if (!pointed) {
      resolver?.close()
      this.#instances.delete(foldName(fullName))
    } else if (previous && resolver && this.#discovery.host.lookup(fullName, 'SRV').length === 0) {
      this.#doubt(fullName)
    }
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
