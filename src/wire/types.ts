// Owns the plain objects that a DNS message consists of, as RFC 1035 §4 and RFC 6762 §18 describe them.
// Does not own bytes: decode.ts and encoder.ts translate; nothing here has behaviour.
import type { Name } from './name.ts'

export type { Name } from './name.ts'

/** A type whose rdata is kept as bytes, by its number: `TYPE13` is HINFO, `TYPE41` is OPT. */
export type OpaqueType = `TYPE${number}`

/** A resource record type; `ANY` occurs in questions only. */
export type RrType = 'A' | 'AAAA' | 'PTR' | 'CNAME' | 'NS' | 'DNAME' | 'SRV' | 'TXT' | 'NSEC' | OpaqueType
export type QuestionType = RrType | 'ANY'

export const CLASS_IN = 1
export const CLASS_ANY = 255

export interface Question {
  readonly name: Name
  readonly type: QuestionType
  /** Without the top bit. */
  readonly class: number
  /** The top bit of the class: a unicast response is wanted, RFC 6762 §5.4. */
  readonly unicast: boolean
}

export interface RrHead {
  readonly name: Name
  /** Without the top bit; for OPT all sixteen bits, which are a payload size there. */
  readonly class: number
  /** The top bit of the class: the record is the whole set or a member of it, RFC 6762 §10.2. */
  readonly flush: boolean
  /** Seconds; 0 is a goodbye. */
  readonly ttl: number
}

export interface AddressRr extends RrHead {
  readonly type: 'A' | 'AAAA'
  /** Textual, without a zone: `198.18.0.1`, `fe80::1`; IPv6 in RFC 5952 form. */
  readonly address: string
}

export interface PointerRr extends RrHead {
  readonly type: 'PTR' | 'CNAME' | 'NS' | 'DNAME'
  readonly target: Name
}

export interface SrvRr extends RrHead {
  readonly type: 'SRV'
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: Name
}

export interface TxtRr extends RrHead {
  readonly type: 'TXT'
  /** The rdata as it stands on the wire: length-prefixed strings, RFC 1035 §3.3.14. */
  readonly data: Uint8Array
}

export interface NsecRr extends RrHead {
  readonly type: 'NSEC'
  readonly next: Name
  /** The types that exist at the owner name. */
  readonly types: readonly RrType[]
}

export interface OpaqueRr extends RrHead {
  readonly type: OpaqueType
  /** The rdata with every compressed name in it expanded. */
  readonly data: Uint8Array
}

export type Rr = AddressRr | PointerRr | SrvRr | TxtRr | NsecRr | OpaqueRr

export type Section = 'answers' | 'authorities' | 'additionals'

export interface Message {
  readonly id: number
  /** QR: false for a query. */
  readonly response: boolean
  readonly opcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly rcode: number
  readonly questions: readonly Question[]
  readonly answers: readonly Rr[]
  readonly authorities: readonly Rr[]
  readonly additionals: readonly Rr[]
  /** Records that were left out because they could not be read; their names, for conflict detection. */
  readonly skipped: readonly Name[]
}
