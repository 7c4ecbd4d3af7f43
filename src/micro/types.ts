// Owns the contract of the go-micro engine: what goes in, what comes out, and the nouns that both sides share.
// Does not own the engine (micro-engine.ts), nor anything that holds a socket or a timer (micro-host.ts).
import type { Family, Instant, Link, Received, Send } from '../mdns/types.ts'
import type { MicroJson } from './micro-txt.ts'

/** One node of ours. */
export interface MicroPublication {
  /** Chosen by who publishes; the same one again is an update. */
  readonly key: string
  readonly service: string
  readonly id: string
  readonly port: number
  /** Absent for whatever addresses the link has. */
  readonly address?: { readonly address: string; readonly family: Family }
  /** Ready for the wire. */
  readonly txt: Uint8Array
  /** Seconds. */
  readonly ttl: number
}

/** Where a node can be reached, and where that was heard. */
export interface MicroAddress {
  readonly address: string
  readonly family: Family
  readonly interface: string
}

/** One node as it is known from the links. */
export interface MicroNode {
  readonly service: string
  readonly id: string
  readonly port: number
  readonly json: MicroJson
  readonly addresses: readonly MicroAddress[]
}

export type MicroInput =
  | { readonly kind: 'received'; readonly datagram: Received }
  | { readonly kind: 'tick' }
  /** The links on which port 5353 is heard and spoken from. */
  | { readonly kind: 'links'; readonly links: readonly Link[] }
  /** The links that can be asked on, from a port of their own. */
  | { readonly kind: 'asking'; readonly links: readonly Link[] }
  /** The machine slept: whatever was known may be gone, and others may have given us up. */
  | { readonly kind: 'woken' }
  /** The group was joined anew: what was said there before may have been missed. */
  | { readonly kind: 'rejoined' }
  | { readonly kind: 'publish'; readonly publication: MicroPublication }
  | { readonly kind: 'withdraw'; readonly key: string }
  /** Of one service, or of all. Counted: as many forgets as asks end it. */
  | { readonly kind: 'ask'; readonly service: string | undefined }
  | { readonly kind: 'forget'; readonly service: string | undefined }
  /** A client could not reach this node, of whichever service it is. */
  | { readonly kind: 'verify'; readonly id: string }
  | { readonly kind: 'close' }

export type MicroReason = 'goodbye' | 'expired' | 'verify-failed'

export type MicroEvent =
  /** New, or changed. */
  | { readonly kind: 'heard'; readonly node: MicroNode }
  | { readonly kind: 'gone'; readonly node: MicroNode; readonly reason: MicroReason }
  /** The records of the last publish went out on every link that is up (also when there is none). */
  | { readonly kind: 'published'; readonly key: string }
  /** Somebody else has this node of this service; the publication has ended. */
  | { readonly kind: 'conflict'; readonly key: string }
  /** The last goodbye was said. */
  | { readonly kind: 'withdrawn'; readonly key: string }
  | { readonly kind: 'closed' }

export interface MicroOutput {
  /** From port 5353. */
  readonly sends: readonly Send[]
  /** From a port of our own: go-micro would answer itself for ever if one came from port 5353. */
  readonly questions: readonly Send[]
  readonly events: readonly MicroEvent[]
  readonly wakeAt: Instant
}
