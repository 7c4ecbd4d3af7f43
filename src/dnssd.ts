// Owns what programs import from `mdns-registry/dnssd`: DNS-based service discovery for any service type.
// Does not own the registry, which is `mdns-registry`.
import { defaultHost, type NetworkOptions } from './default-host.ts'
import { Dnssd } from './dnssd/dnssd.ts'

export type { Advertisement, AdvertisementEvents } from './dnssd/advertisement.ts'
export type { Browser, BrowserEvents } from './dnssd/browser.ts'
export { Dnssd, type DnssdEvents, type DnssdOptions } from './dnssd/dnssd.ts'
export type { LinkStatus } from './dnssd/link-status.ts'
export { addressText } from './dnssd/reach.ts'
export { decodeTxt, encodeTxt, txtGet, txtText } from './dnssd/txt.ts'
export type { TypeBrowser } from './dnssd/type-browser.ts'
export type * from './dnssd/types.ts'
export { RegistryError, type RegistryErrorCode } from './errors.ts'
export { type Closable, type HandleSignalsOptions, handleSignals } from './handle-signals.ts'
export type { InterfaceSelection, NetworkInterface } from './net/links.ts'

export type CreateDnssdOptions = NetworkOptions

/** Opens sockets on the chosen interfaces; `close()` says goodbye and closes them. */
export function createDnssd(options: CreateDnssdOptions = {}): Dnssd {
  return new Dnssd(defaultHost(options))
}
