// Owns DNS-based service discovery on one host, RFC 6763: the verbs, and what is still open when they end.
// Does not own any of the verbs' work.
import { setMaxListeners } from 'node:events'
import { RegistryError } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { Random } from '../mdns/types.ts'
import { lookupAddresses } from './address-lookup.ts'
import { Advertisement } from './advertisement.ts'
import { Browser } from './browser.ts'
import { Emitter } from './emitter.ts'
import { hostName } from './host-name.ts'
import { lookupInstance } from './instance-lookup.ts'
import { type LinkStatus, linkStatuses, linkWarning } from './link-status.ts'
import { offeringOf } from './offering.ts'
import { Publications } from './publications.ts'
import type { Discovery } from './resolver.ts'
import { browsedType, checkedInstance, instanceName, isLocalName } from './service-type.ts'
import { Targets } from './targets.ts'
import { TypeBrowser } from './type-browser.ts'
import type {
  AdvertiseOptions,
  BrowseOptions,
  LookupOptions,
  Service,
  ServiceAddress,
  TypesOptions,
  WaitOptions,
} from './types.ts'

export interface DnssdOptions {
  /** Chooses between SRV records of equal priority. Default: Math.random. */
  readonly random?: Random
}

export interface DnssdEvents {
  /** Something that the program did not ask about, such as a link that has trouble. Safe without a listener. */
  warning: [warning: RegistryError]
}

/**
 * Misuse throws a RegistryError from the call itself, before any packet; whatever the link does is told by promises,
 * events and the ends of loops.
 */
export class Dnssd extends Emitter<DnssdEvents> implements AsyncDisposable {
  readonly #host: Host
  readonly #publications: Publications
  readonly #discovery: Discovery
  readonly #closing = new AbortController()

  /** The host is this object's own from now on: `close` closes it too. */
  constructor(host: Host, { random = Math.random }: DnssdOptions = {}) {
    super()
    this.#host = host
    this.#publications = new Publications(host)
    // Everything that is open listens to it, and that may be a lot.
    setMaxListeners(0, this.#closing.signal)
    this.#discovery = { host, targets: new Targets(host), random, closing: this.#closing.signal }
    host.on((event) => {
      if (event.kind === 'closed') this.#end(closed())
      const warning = linkWarning(event)
      if (warning) this.emit('warning', warning)
    })
    host.ready.catch((error: unknown) => this.#end(error))
  }

  /** The links that are up, and how they are. */
  get links(): readonly LinkStatus[] {
    return linkStatuses(this.#host)
  }

  /** Announces an instance, until it is withdrawn. Throws ERR_TOO_MANY above 1,024. */
  advertise(options: AdvertiseOptions): Advertisement {
    this.#assertOpen()
    return new Advertisement(this.#publications, offeringOf(options))
  }

  /** Follows the instances of a type, until stopped. */
  browse(type: string, options?: BrowseOptions): Browser {
    this.#assertOpen()
    return new Browser(this.#discovery, type, options)
  }

  /** Follows the service types of the link, until stopped. */
  types(options?: TypesOptions): TypeBrowser {
    this.#assertOpen()
    return new TypeBrowser(this.#discovery, options)
  }

  /** Where an instance is, as soon as that is known. Rejects with ERR_NOT_FOUND or ERR_TIMEOUT. */
  resolve(name: string, type: string, options: WaitOptions = {}): Promise<Service> {
    this.#assertOpen()
    const parts = { name: checkedInstance(name), type: browsedType(type), domain: 'local' }
    return lookupInstance(this.#discovery, instanceName(parts.name, parts.type), parts, options)
  }

  /** The addresses of `printer.local`, or `printer` for short. Rejects with ERR_NOT_FOUND. */
  lookup(host: string, options: LookupOptions = {}): Promise<readonly ServiceAddress[]> {
    this.#assertOpen()
    const name = hostName(host)
    if (isLocalName(name)) return lookupAddresses(this.#discovery, name, options)
    throw new RegistryError(
      'ERR_INVALID_NAME',
      `${name} is no name of this link; ask DNS for it, or give a .local name`,
    )
  }

  /** Withdraws and stops everything, and closes the host; resolves when the goodbyes are sent. May be called twice. */
  close(): Promise<void> {
    this.#end(closed())
    return this.#host.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #end(error: unknown): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort(error)
    this.#publications.fail(error)
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw closed()
  }
}

function closed(): RegistryError {
  return new RegistryError('ERR_CLOSED', 'This DNS-SD object is closed; make a new one')
}
