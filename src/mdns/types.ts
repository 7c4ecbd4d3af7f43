// Owns the contract of the engine: what goes in, what comes out, and the nouns that both sides share.
// Does not own the shapes of messages (wire/types.ts) nor anything that holds a socket or a timer (host/ports.ts).
import type { Name, Rr, RrType } from '../wire/types.ts'

/** Milliseconds on a monotonic clock; only differences mean anything. */
export type Instant = number
/** The next number of a uniform sequence in [0, 1). */
export type Random = () => number
export type Family = 4 | 6

export interface LinkAddress {
  /** Textual, without a zone. */
  readonly address: string
  readonly family: Family
  readonly prefixLength: number
}

/** One interface in one address family: it has a cache, conflicts and answers of its own, RFC 6762 §14, §20. */
export interface Link {
  /** Unique and stable while the link is up: `wlan0/4`. */
  readonly id: string
  readonly interface: string
  readonly family: Family
  /** Every address that is valid on the interface, of both families, RFC 6762 §6.2. */
  readonly addresses: readonly LinkAddress[]
  /** Whether unicast to port 5353 is sure to reach us here, so that QU questions may be asked, RFC 6762 §15.1. */
  readonly unicast: boolean
  /**
   * Another program has port 5353 to itself: questions leave from another port and are answered there by unicast,
   * RFC 6762 §5.1, §6.7; the group is not heard, and nothing can be published.
   */
  readonly queryOnly?: boolean
}

export interface Endpoint {
  readonly address: string
  readonly port: number
}

export interface Received {
  /** The id of the link that it arrived on. */
  readonly link: string
  readonly from: Endpoint
  /** Whether it was sent to the multicast group. */
  readonly viaGroup: boolean
  readonly bytes: Uint8Array
}

export interface Send {
  readonly link: string
  readonly to: 'group' | Endpoint
  readonly bytes: Uint8Array
}

/** Where and under which names a publication is asked for its records. */
export interface Site {
  readonly link: Link
  /** The host name that this host has won, or is claiming. */
  readonly host: Name
  /** 0 for the wanted name, then one more after each lost conflict. */
  readonly attempt: number
}

/** A set of records that is claimed, announced and withdrawn as one. */
export interface Publication {
  readonly id: string
  /** Whether the records point to `site.host`, so that the host's address records have to be there as well. */
  readonly needsHost: boolean
  /** False if nobody else can have its names, so that nobody is asked for them, RFC 6762 §8.1. Default true. */
  readonly probe?: boolean
  /** Pure. A record with `flush` is unique: its name is probed for and defended; one without is shared. */
  records(site: Site): readonly Rr[]
}

/** A standing question of class IN. */
export interface Interest {
  readonly name: Name
  readonly type: RrType
}

/** Records that a client has reason not to believe; of PTR records, only the one to `target` if there is one. */
export interface Doubt {
  readonly interest: Interest
  readonly target?: Name | undefined
}

export type Input =
  | { readonly kind: 'received'; readonly datagram: Received }
  /** The instant that the last output named has come. */
  | { readonly kind: 'tick' }
  /** All links that are up now; those that are missing are gone. */
  | { readonly kind: 'links'; readonly links: readonly Link[] }
  /** The machine slept, or lost its links unseen: each may be another one now, RFC 6762 §8, §10.3. */
  | { readonly kind: 'woken' }
  /** The group was joined anew on a link: what was said there before may have been missed. */
  | { readonly kind: 'rejoined'; readonly link: string }
  /** A datagram could not be sent: probes that never left do not count, RFC 6762 §8.1. */
  | { readonly kind: 'unsent'; readonly link: string }
  /** New, or the same id with other records: an update in place, RFC 6762 §8.4. */
  | { readonly kind: 'publish'; readonly publication: Publication }
  | { readonly kind: 'withdraw'; readonly id: string }
  /** Counted: as many forgets as asks end it. */
  | { readonly kind: 'ask'; readonly interest: Interest }
  | { readonly kind: 'forget'; readonly interest: Interest }
  /** A client could not use what the cache holds, RFC 6762 §10.4. */
  | ({ readonly kind: 'reconfirm' } & Doubt)
  /** Say goodbye to everything; `closed` follows. */
  | { readonly kind: 'close' }

export type RemovalReason = 'goodbye' | 'expired' | 'superseded' | 'unconfirmed' | 'link-gone' | 'evicted'

export type Change =
  | { readonly action: 'added'; readonly link: string; readonly rr: Rr }
  | { readonly action: 'removed'; readonly link: string; readonly rr: Rr; readonly reason: RemovalReason }

export type DropReason = 'too-large' | 'malformed' | 'opcode' | 'rcode' | 'off-link' | 'port' | 'unsolicited' | 'limit'

export type Event =
  | { readonly kind: 'changed'; readonly changes: readonly Change[] }
  | { readonly kind: 'dropped'; readonly link: string; readonly reason: DropReason }
  /** The records of the last publish went out on every link that is up (also when there is none). */
  | { readonly kind: 'published'; readonly id: string; readonly attempt: number }
  /** A name was lost to another host; the records of this attempt are claimed next, RFC 6762 §9. */
  | { readonly kind: 'renamed'; readonly id: string; readonly attempt: number }
  /** The host name was lost; this one is claimed next. */
  | { readonly kind: 'host-renamed'; readonly host: Name }
  /** For a minute each name of this publication was another host's; the search goes on. `@host` is the host itself. */
  | { readonly kind: 'struggling'; readonly id: string }
  | { readonly kind: 'closed' }

export interface Output {
  readonly sends: readonly Send[]
  readonly events: readonly Event[]
  /** When to come back with a tick; Infinity if there is nothing to wait for. */
  readonly wakeAt: Instant
}

/** A record as a link heard it. */
export interface Heard {
  readonly rr: Rr
  readonly link: string
  /** When it was last received. */
  readonly at: Instant
  /** When it runs out. */
  readonly until: Instant
}

/** All that is known under a name and type, newest first, over all links. */
export type Lookup = (name: Name, type: RrType) => readonly Heard[]
