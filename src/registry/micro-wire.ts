// Owns the wire format `go-micro`: nodes as go-micro's own mDNS registry says and hears them.
// Does not own the protocol (micro/), nor what of a service it can carry (micro-offer.ts).
import { linkWarning } from '../dnssd/link-status.ts'
import { RegistryError } from '../errors.ts'
import type { HoldReason } from '../host/holds.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import { MICRO_LIMITS } from '../micro/limits.ts'
import type { MicroHost, MicroHostEvent } from '../micro/micro-host.ts'
import { isServiceName } from '../micro/micro-name.ts'
import { HeardMicroNodes } from './heard-micro-nodes.ts'
import type { Announcement, AnnounceOptions } from './medium.ts'
import { MicroAnnouncement } from './micro-announcement.ts'
import { microOfferOf } from './micro-offer.ts'
import { byServiceAndId, type NodeTable } from './node-table.ts'
import type { Node, Service } from './types.ts'
import type { Listening, Wire, WireOptions } from './wire.ts'

export class MicroWire implements Wire {
  readonly clock: Clock
  readonly key = byServiceAndId
  /** Whoever is asked answers at once; go-micro's own clients wait for 100 ms. All are asked for in two steps. */
  readonly quiet = { one: 100, all: 250 }
  readonly #host: MicroHost
  readonly #shared: boolean
  readonly #warn: (warning: RegistryError) => void
  readonly #announcements = new Map<string, MicroAnnouncement>()
  readonly #unhear: Cancel

  constructor({ host, shared, warn }: WireOptions<MicroHost>) {
    this.clock = host.clock
    this.#host = host
    this.#shared = shared
    this.#warn = warn
    host.ready.catch(warn)
    this.#unhear = host.on((event) => this.#on(event))
  }

  check(service: Service): void {
    microOfferOf(service, '')
  }

  announce(service: Service, options: AnnounceOptions): Announcement {
    if (this.#announcements.size >= MICRO_LIMITS.publications) throw tooMany()
    const key = this.#host.newKey()
    const announcement = new MicroAnnouncement({
      host: this.#host,
      offer: microOfferOf(service, key, options.ttl),
      ttl: options.ttl,
      onEnd: () => void this.#announcements.delete(key),
    })
    this.#announcements.set(key, announcement)
    return announcement
  }

  /** Of a service that go-micro has no name for there is nothing to hear. */
  listen(service: string | undefined, table: NodeTable): Listening {
    if (service !== undefined && !isServiceName(service)) return { pending: false, stop: () => {} }
    return new HeardMicroNodes(this.#host, service, table)
  }

  verify({ id }: Node): void {
    this.#host.verify(id)
  }

  hold(reason: HoldReason): Cancel {
    return this.#host.hold(reason)
  }

  async close(): Promise<void> {
    if (this.#shared) await Promise.all([...this.#announcements.values()].map((one) => one.withdraw()))
    else await this.#host.close()
    for (const announcement of [...this.#announcements.values()]) announcement.withdrawn()
    this.#unhear()
  }

  #on(event: MicroHostEvent): void {
    if (event.kind === 'published') this.#announcements.get(event.key)?.published()
    else if (event.kind === 'conflict') this.#announcements.get(event.key)?.lost()
    else if (event.kind === 'withdrawn') this.#announcements.get(event.key)?.withdrawn()
    else if (event.kind === 'trouble') {
      const warning = linkWarning(event)
      if (warning) this.#warn(warning)
    }
  }
}

function tooMany(): RegistryError {
  return new RegistryError('ERR_TOO_MANY', `${MICRO_LIMITS.publications} nodes are registered already; deregister some`)
}
