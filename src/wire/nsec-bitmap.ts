// Owns the type bitmap of an NSEC record.
// Does not own the rest of the record; rdata.ts does.
import { MAX_NSEC_TYPES } from './limits.ts'
import type { Reader } from './reader.ts'
import { typeCode, typeFromCode } from './type-code.ts'
import type { RrType } from './types.ts'
import type { Writer } from './writer.ts'

const WINDOW_TYPES = 256
const MAX_WINDOW_BYTES = 32

/** The types in the windows up to `end`; undefined if they are not well formed or too many, RFC 4034 §4.1.2. */
export function readBitmap(reader: Reader, end: number): readonly RrType[] | undefined {
  const types: RrType[] = []
  while (reader.offset < end) {
    const window = reader.u8() * WINDOW_TYPES
    const length = reader.u8()
    if (length === 0 || length > MAX_WINDOW_BYTES || reader.offset + length > end) return undefined
    for (let index = 0; index < length; index++) readByte(reader.u8(), window + 8 * index, types)
    if (types.length > MAX_NSEC_TYPES) return undefined
  }
  return types
}

function readByte(byte: number, first: number, types: RrType[]): void {
  for (let bit = 0; bit < 8; bit++) {
    if ((byte & (0x80 >> bit)) === 0) continue
    const type = typeFromCode(first + bit)
    types.push(type === 'ANY' ? `TYPE${first + bit}` : type)
  }
}

/**
 * One window for types below 256, as short as it can be: the restricted form of RFC 6762 §6.1. Types above that get
 * windows of their own, RFC 4034 §4.1.2.
 */
export function writeBitmap(writer: Writer, types: readonly RrType[]): void {
  const codes = types.map(typeCode).sort((a, b) => a - b)
  for (let start = 0; start < codes.length; ) {
    const window = windowOf(codes[start])
    let end = start
    while (end < codes.length && windowOf(codes[end]) === window) end++
    writeWindow(writer, window, codes.slice(start, end))
    start = end
  }
}

function writeWindow(writer: Writer, window: number, codes: readonly number[]): void {
  const highest = (codes.at(-1) ?? 0) % WINDOW_TYPES
  const bitmap = new Uint8Array(1 + (highest >> 3))
  for (const code of codes) {
    const index = (code % WINDOW_TYPES) >> 3
    bitmap[index] = (bitmap[index] ?? 0) | (0x80 >> (code & 7))
  }
  writer.u8(window)
  writer.u8(bitmap.length)
  writer.bytes(bitmap)
}

function windowOf(code = 0): number {
  return code >> 8
}
