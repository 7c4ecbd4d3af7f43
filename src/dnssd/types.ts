// Owns the nouns of DNS-based service discovery as callers see them: service, TXT map, results.
// Does not own records (wire) nor how they are asked for (browser.ts, advertiser.ts).
import type { RemovalReason } from '../mdns/types.ts'
import type { Name } from '../wire/types.ts'

/** Values as given: a string (UTF-8), bytes, true for a key without value, null or false to leave it out. */
export type TxtInput = Readonly<Record<string, string | Uint8Array | boolean | null | undefined>>
/** Values as heard: bytes, or true for a key without value. Keys as received; `txtGet` finds them in any case. */
export type Txt = ReadonlyMap<string, Uint8Array | true>

/** Where a service can be reached. */
export interface ServiceAddress {
  readonly address: string
  readonly family: 4 | 6
  /** The interface on which it was heard; an fe80:: address is only valid there. */
  readonly interface: string
}

/** What is known of one instance, merged over links and families. */
export interface Service {
  /** The instance label, unescaped: `Printer v1.2 (lab)`. */
  readonly name: string
  /** `_http._tcp`. */
  readonly type: string
  /** `local`. */
  readonly domain: string
  readonly fullName: Name
  /** The SRV target; absent while unresolved. */
  readonly host?: string
  readonly port?: number
  /** The most likely to work from here first: those in the subnet of the interface that they were heard on. */
  readonly addresses: readonly ServiceAddress[]
  readonly txt: Txt
  /** The TXT rdata itself. */
  readonly txtData?: Uint8Array
}

export type BrowseEvent =
  | { readonly event: 'up'; readonly service: Service }
  | { readonly event: 'update'; readonly service: Service; readonly previous: Service }
  | { readonly event: 'down'; readonly service: Service; readonly reason: RemovalReason }

export interface BrowseOptions {
  /** Only instances that advertise this subtype, RFC 6763 §7.1. */
  readonly subtype?: string
  /** Ask for SRV, TXT and addresses too, and report an instance `up` once they are known. Default true. */
  readonly resolve?: boolean
  readonly signal?: AbortSignal
  /** Whether it keeps the process alive until stopped. Default true. */
  readonly ref?: boolean
}

export type TypeEvent =
  | { readonly event: 'up'; readonly type: string }
  | { readonly event: 'down'; readonly type: string; readonly reason: RemovalReason }

export interface TypesOptions {
  readonly signal?: AbortSignal
  /** Whether it keeps the process alive until stopped. Default true. */
  readonly ref?: boolean
}

export interface WaitOptions {
  /** Milliseconds. Default 3,000. */
  readonly timeout?: number
  /** Aborted, it rejects the promise with its reason. */
  readonly signal?: AbortSignal
}

export interface LookupOptions extends WaitOptions {
  /** Default: both. */
  readonly family?: 4 | 6
}

export interface AdvertiseOptions {
  /** The instance name: 1-63 bytes of UTF-8, any characters but controls. */
  readonly name: string
  /** `_http._tcp`, or `http` for TCP. */
  readonly type: string
  readonly port: number
  /** A map, or rdata that is ready for the wire. */
  readonly txt?: TxtInput | Uint8Array
  readonly subtypes?: readonly string[]
  /** The SRV target; default: this host's own name and, per link, its own addresses. */
  readonly host?: string
  /** With `host`: address records that are published for it, on every link. */
  readonly addresses?: readonly string[]
  /** Seconds, for every record; default: 120 for SRV and addresses, 4500 for the others, RFC 6762 §10. */
  readonly ttl?: number
  readonly priority?: number
  readonly weight?: number
  /** On a conflict take `name (2)`, `name (3)` …; false: give up with ERR_NAME_CONFLICT. Default true. */
  readonly rename?: boolean
  /**
   * Whether others are asked for the name, for up to a second, before it is announced, RFC 6762 §8.1. False only for
   * names that nobody else can have, as one that holds a random UUID. Default true.
   */
  readonly probe?: boolean
}

/** What `Advertisement.update` may change. */
export interface AdvertisementChanges {
  readonly name?: string
  readonly port?: number
  readonly txt?: TxtInput | Uint8Array
}
