// Owns the backend `mdns`: nodes as DNS-SD instances of one service type.
// Does not own the verbs (node-registry.ts), nor how a host is put together (the caller gives one or makes it).
import type { Advertisement } from '../dnssd/advertisement.ts'
import { Dnssd } from '../dnssd/dnssd.ts'
import { linkWarning } from '../dnssd/link-status.ts'
import { instanceName } from '../dnssd/service-type.ts'
import { RegistryError } from '../errors.ts'
import type { HoldReason } from '../host/holds.ts'
import type { Host } from '../host/host.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import { HOST_ID } from '../mdns/host-records.ts'
import { parseLabel } from './label.ts'
import type { Announcement, AnnounceOptions, Medium, View } from './medium.ts'
import { NodeRegistry } from './node-registry.ts'
import { isUpdatable, offerOf, SERVICE_TYPE } from './offer.ts'
import type { BackendFactory, Node, RegistryOptions, Service } from './types.ts'
import { Views } from './views.ts'

export interface MdnsOptions extends RegistryOptions {
  /** A host that lives longer than the registry; it is not closed with it. Default: one of the registry's own. */
  readonly host?: Host
  /** For made-up node ids. */
  readonly random?: () => number
}

/** `makeHost` is called when a registry that was given no host is first used. */
export function mdnsBackend(makeHost: (options: RegistryOptions) => Host, random: () => number): BackendFactory {
  return (options: MdnsOptions) =>
    new NodeRegistry({
      name: 'mdns',
      options,
      random: options.random ?? random,
      open: (warn) => new MdnsMedium(options.host ?? makeHost(options), options.host !== undefined, warn),
    })
}

/** Registries that share a host share its names as well. */
const dnssdByHost = new WeakMap<Host, Dnssd>()

function dnssdOf(host: Host): Dnssd {
  const dnssd = dnssdByHost.get(host) ?? new Dnssd(host)
  dnssdByHost.set(host, dnssd)
  return dnssd
}

class MdnsMedium implements Medium {
  readonly clock: Clock
  readonly #host: Host
  readonly #shared: boolean
  readonly #dnssd: Dnssd
  readonly #views: Views
  readonly #announcements = new Set<Announcement>()
  readonly #unhear: Cancel

  constructor(host: Host, shared: boolean, warn: (warning: RegistryError) => void) {
    this.clock = host.clock
    this.#host = host
    this.#shared = shared
    this.#dnssd = dnssdOf(host)
    this.#views = new Views(this.#dnssd, host)
    host.ready.catch(warn)
    this.#unhear = host.on((event) => {
      if (event.kind === 'struggling' && event.id === HOST_ID) warn(noHostName())
      const warning = linkWarning(event)
      if (warning) warn(warning)
    })
  }

  announce(service: Service, options: AnnounceOptions): Announcement {
    const advertisement = this.#dnssd.advertise(offerOf(service, options.ttl))
    const end = () => void this.#announcements.delete(announcement)
    const announcement = new MdnsAnnouncement(advertisement, service, options, end)
    this.#announcements.add(announcement)
    return announcement
  }

  view(service: string | undefined): View {
    return this.#views.acquire(service)
  }

  /** Without its SRV record an instance is down, and whatever else led to it is doubted then (dnssd/browser.ts). */
  verify({ id }: Node): void {
    this.#host.reconfirm(instanceName(parseLabel(id, 'The node id'), SERVICE_TYPE), 'SRV')
  }

  hold(reason: HoldReason): Cancel {
    return this.#host.hold(reason)
  }

  async close(): Promise<void> {
    this.#views.close()
    this.#unhear()
    if (!this.#shared) return this.#dnssd.close()
    await Promise.all([...this.#announcements].map((announcement) => announcement.withdraw()))
  }
}

function noHostName(): RegistryError {
  return new RegistryError(
    'ERR_NAME_CONFLICT',
    'For a minute every host name that was tried was taken; look for a machine on the link that answers for all names',
  )
}

class MdnsAnnouncement implements Announcement {
  readonly #advertisement: Advertisement
  readonly #end: () => void
  #ready: Promise<void>
  #service: Service

  constructor(advertisement: Advertisement, service: Service, { onLost }: AnnounceOptions, end: () => void) {
    this.#advertisement = advertisement
    this.#service = service
    this.#ready = advertisement.ready
    this.#end = end
    let established = false
    advertisement.ready.then(
      () => {
        established = true
      },
      () => {},
    )
    advertisement.on('conflict', () => {
      end()
      if (established) onLost()
    })
  }

  get ready(): Promise<void> {
    return this.#ready
  }

  update(service: Service): boolean {
    if (!isUpdatable(this.#service, service)) return false
    const { port, txt } = offerOf(service)
    this.#service = service
    this.#ready = this.#advertisement.update(txt === undefined ? { port } : { port, txt })
    return true
  }

  withdraw(): Promise<void> {
    this.#end()
    return this.#advertisement.withdraw()
  }
}
