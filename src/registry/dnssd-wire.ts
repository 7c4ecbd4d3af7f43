// Owns the wire format `dns-sd`: nodes as instances of one service type.
// Does not own the records (offer.ts, node-txt.ts), nor DNS-SD itself (dnssd/).
import type { Advertisement } from '../dnssd/advertisement.ts'
import { Dnssd } from '../dnssd/dnssd.ts'
import { linkWarning } from '../dnssd/link-status.ts'
import { instanceName } from '../dnssd/service-type.ts'
import { RegistryError } from '../errors.ts'
import type { HoldReason } from '../host/holds.ts'
import type { Host } from '../host/host.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import { HOST_ID } from '../mdns/host-records.ts'
import { BrowsedNodes } from './browsed-nodes.ts'
import { parseLabel } from './label.ts'
import type { Announcement, AnnounceOptions } from './medium.ts'
import { byId, type NodeTable } from './node-table.ts'
import { isUpdatable, offerOf, SERVICE_TYPE } from './offer.ts'
import type { Node, Service } from './types.ts'
import type { Listening, Wire, WireOptions } from './wire.ts'

/** Registries that share a host share its names as well. */
const dnssdByHost = new WeakMap<Host, Dnssd>()

function dnssdOf(host: Host): Dnssd {
  const dnssd = dnssdByHost.get(host) ?? new Dnssd(host)
  dnssdByHost.set(host, dnssd)
  return dnssd
}

export class DnssdWire implements Wire {
  readonly clock: Clock
  readonly key = byId
  /**
   * Shared records are answered within 120 ms, RFC 6762 §6, and have a way to go. Whoever asks for all wants those too
   * that just multicast their record, and are silent for a second.
   */
  readonly quiet = { one: 125, all: 1_125 }
  readonly #host: Host
  readonly #shared: boolean
  readonly #dnssd: Dnssd
  readonly #announcements = new Set<Announcement>()
  readonly #unhear: Cancel

  constructor({ host, shared, warn }: WireOptions<Host>) {
    this.clock = host.clock
    this.#host = host
    this.#shared = shared
    this.#dnssd = dnssdOf(host)
    host.ready.catch(warn)
    this.#unhear = host.on((event) => {
      if (event.kind === 'struggling' && event.id === HOST_ID) warn(noHostName())
      const warning = linkWarning(event)
      if (warning) warn(warning)
    })
  }

  announce(service: Service, options: AnnounceOptions): Announcement {
    const advertisement = this.#dnssd.advertise(offerOf(service, options))
    const end = () => void this.#announcements.delete(announcement)
    const announcement = new DnssdAnnouncement(advertisement, service, options, end)
    this.#announcements.add(announcement)
    return announcement
  }

  listen(service: string | undefined, table: NodeTable): Listening {
    return new BrowsedNodes(this.#dnssd, service, table)
  }

  /** Without its SRV record an instance is down, and whatever else led to it is doubted then (dnssd/browser.ts). */
  verify({ id }: Node): void {
    this.#host.reconfirm(instanceName(parseLabel(id, 'The node id'), SERVICE_TYPE), 'SRV')
  }

  hold(reason: HoldReason): Cancel {
    return this.#host.hold(reason)
  }

  async close(): Promise<void> {
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

class DnssdAnnouncement implements Announcement {
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
