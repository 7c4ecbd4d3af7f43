// Owns what the rdata of each type consists of: how it is read, written and compared.
// Does not own the frame around it (decode.ts, encoder.ts) nor how it is printed (print.ts).
import { addressBytes, addressText } from './address.ts'
import { foldName, type Name } from './name.ts'
import { readBitmap, writeBitmap } from './nsec-bitmap.ts'
import type { Reader } from './reader.ts'
import { typeCode } from './type-code.ts'
import type { AddressRr, NsecRr, OpaqueRr, PointerRr, Rr, RrHead, RrType, SrvRr, TxtRr } from './types.ts'
import { Writer } from './writer.ts'

// Each record is one literal: spreading the head into it costs ten times as much as all the rest.

interface Row<R extends Rr> {
  /** Undefined if the rdata cannot be used; that the cursor is left at `end` is for the caller to check. */
  read(reader: Reader, head: RrHead, end: number, code: number): R | undefined
  write(writer: Writer, rr: R, style: NameStyle): void
  key(rr: R): string
}

/**
 * Which names in rdata are compressed: all that RFC 6762 §18.14 names, in a legacy reply no SRV target and no NSEC
 * next name (RFC 6762 §18.14, RFC 4034 §4.1.1), for comparison none.
 */
export type NameStyle = 'multicast' | 'legacy' | 'plain'

function address(type: AddressRr['type'], size: 4 | 16): Row<AddressRr> {
  return {
    read(reader, head, end) {
      if (end - reader.offset !== size) return undefined
      const text = addressText(reader.bytes, reader.offset, size)
      reader.offset = end
      return { type, name: head.name, class: head.class, flush: head.flush, ttl: head.ttl, address: text }
    },
    write: (writer, rr) => writer.bytes(addressBytes(rr.address, size === 4 ? 4 : 6)),
    key: (rr) => rr.address,
  }
}

function pointer(type: PointerRr['type']): Row<PointerRr> {
  return {
    read(reader, head) {
      const target = reader.name()
      if (target === undefined) return undefined
      return { type, name: head.name, class: head.class, flush: head.flush, ttl: head.ttl, target }
    },
    write: (writer, rr, style) => writeName(writer, rr.target, style !== 'plain'),
    key: (rr) => foldName(rr.target),
  }
}

const srv: Row<SrvRr> = {
  read(reader, head) {
    const priority = reader.u16()
    const weight = reader.u16()
    const port = reader.u16()
    const target = reader.name()
    if (target === undefined) return undefined
    return {
      type: 'SRV',
      name: head.name,
      class: head.class,
      flush: head.flush,
      ttl: head.ttl,
      priority,
      weight,
      port,
      target,
    }
  },
  write(writer, rr, style) {
    writer.u16(rr.priority)
    writer.u16(rr.weight)
    writer.u16(rr.port)
    writeName(writer, rr.target, style === 'multicast')
  },
  key: (rr) => `${rr.priority} ${rr.weight} ${rr.port} ${foldName(rr.target)}`,
}

const txt: Row<TxtRr> = {
  /** The strings have to fill the rdata exactly; none at all is common and harmless, RFC 6763 §6.1. */
  read(reader, head, end) {
    let at = reader.offset
    while (at < end) at += 1 + (reader.bytes[at] ?? 0)
    if (at !== end) return undefined
    return {
      type: 'TXT',
      name: head.name,
      class: head.class,
      flush: head.flush,
      ttl: head.ttl,
      data: reader.slice(end),
    }
  },
  write: (writer, rr) => writer.bytes(rr.data),
  key: (rr) => binaryText(rr.data),
}

const nsec: Row<NsecRr> = {
  read(reader, head, end) {
    const next = reader.name()
    const types = next === undefined ? undefined : readBitmap(reader, end)
    if (next === undefined || types === undefined) return undefined
    return { type: 'NSEC', name: head.name, class: head.class, flush: head.flush, ttl: head.ttl, next, types }
  },
  write(writer, rr, style) {
    writeName(writer, rr.next, style === 'multicast')
    writeBitmap(writer, rr.types)
  },
  key: (rr) => `${foldName(rr.next)} ${rr.types.join(' ')}`,
}

/** Where the names stand in rdata that is kept as bytes. */
interface Layout {
  readonly before: number
  readonly names: number
  readonly after: number
}

/** The other types whose names may arrive compressed, RFC 6762 §18.14: SOA, MX, RP, AFSDB, RT, PX, KX. */
const LAYOUTS: ReadonlyMap<number, Layout> = new Map([
  [6, { before: 0, names: 2, after: 20 }],
  [15, { before: 2, names: 1, after: 0 }],
  [17, { before: 0, names: 2, after: 0 }],
  [18, { before: 2, names: 1, after: 0 }],
  [21, { before: 2, names: 1, after: 0 }],
  [26, { before: 2, names: 2, after: 0 }],
  [36, { before: 2, names: 1, after: 0 }],
])

const opaque: Row<OpaqueRr> = {
  read(reader, head, end, code) {
    const layout = LAYOUTS.get(code)
    const data = layout === undefined ? reader.slice(end) : expand(reader, layout)
    if (data === undefined) return undefined
    return { type: `TYPE${code}`, name: head.name, class: head.class, flush: head.flush, ttl: head.ttl, data }
  },
  write: (writer, rr) => writer.bytes(rr.data),
  key(rr) {
    const layout = LAYOUTS.get(Number(rr.type.slice(4)))
    return binaryText(layout === undefined ? rr.data : foldNames(rr.data, layout))
  },
}

const ROWS: ReadonlyMap<RrType, Row<Rr>> = new Map<RrType, Row<Rr>>([
  ['A', address('A', 4)],
  ['AAAA', address('AAAA', 16)],
  ['PTR', pointer('PTR')],
  ['CNAME', pointer('CNAME')],
  ['NS', pointer('NS')],
  ['DNAME', pointer('DNAME')],
  ['SRV', srv],
  ['TXT', txt],
  ['NSEC', nsec],
])

const ROWS_BY_CODE: Row<Rr>[] = []
for (const [type, row] of ROWS) ROWS_BY_CODE[typeCode(type)] = row

export function rowOf(type: RrType): Row<Rr> {
  return ROWS.get(type) ?? opaque
}

export function rowOfCode(code: number): Row<Rr> {
  return ROWS_BY_CODE[code] ?? opaque
}

/** Equal for two records of one name, type and class exactly when their rdata is the same, names without case. */
export function rdataKey(rr: Rr): string {
  return rowOf(rr.type).key(rr)
}

/** The rdata without compression and with case as it is, which a tie-break compares, RFC 6762 §8.2. */
export function rdataBytes(rr: Rr): Uint8Array {
  const writer = new Writer()
  rowOf(rr.type).write(writer, rr, 'plain')
  return writer.finish()
}

function writeName(writer: Writer, name: Name, compressed: boolean): void {
  if (compressed) writer.name(name)
  else writer.plainName(name)
}

function expand(reader: Reader, layout: Layout): Uint8Array | undefined {
  const before = reader.slice(reader.offset + layout.before)
  const names: Name[] = []
  while (names.length < layout.names) {
    const name = reader.name()
    if (name === undefined) return undefined
    names.push(name)
  }
  const writer = new Writer()
  writer.bytes(before)
  for (const name of names) writer.plainName(name)
  writer.bytes(reader.slice(reader.offset + layout.after))
  // A copy, as a record may be kept for long, and a message lies in memory that is shared.
  return writer.finish().slice()
}

/** A length byte is less than any letter, so the labels need not be told apart. */
function foldNames(data: Uint8Array, layout: Layout): Uint8Array {
  const end = data.length - layout.after
  return data.map((byte, at) => (at >= layout.before && at < end && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))
}

/** One character for each byte, made in one piece: character by character, a long text costs as much as a message. */
function binaryText(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1')
}
