// Owns the text of IP addresses as RFC 5952 wants it, and their bytes.
// Does not own which addresses a host has or announces.
import { WireError } from './errors.ts'

const SIZE = { 4: 4, 6: 16 } as const
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const LETTER_A = 0x61
const LETTER_F = 0x66
/** What sets the small letters of ASCII apart from the capitals. */
const LOWER_CASE = 0x20

// dns-packet's codec shortens the first run of zeros, not the longest, and takes any text for an address.

/** Whether an address means something only together with its interface, RFC 4007 §6. */
export function isLinkLocal6(text: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(text)
}

/** The text of the four or sixteen bytes at `at`. */
export function addressText(bytes: Uint8Array, at: number, size: 4 | 16): string {
  if (size === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
  const zeros = longestZeros(bytes, at)
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === zeros.start) {
      text += '::'
      group += zeros.count - 1
      continue
    }
    const value = ((bytes[at + 2 * group] ?? 0) << 8) | (bytes[at + 2 * group + 1] ?? 0)
    text += `${text === '' || text.endsWith(':') ? '' : ':'}${value.toString(16)}`
  }
  return text
}

/** Addresses that were read of late: a host says its own with every answer. */
const known = new Map<string, Uint8Array>()
const MAX_KNOWN = 256

/**
 * Not to be written to, as others are given the same bytes.
 * @throws WireError if the text is not an address of that family; a zone is not part of one.
 */
export function addressBytes(text: string, family: 4 | 6): Uint8Array {
  let bytes = known.get(text)
  if (bytes === undefined || bytes.length !== SIZE[family]) {
    bytes = family === 4 ? v4Bytes(text) : v6Bytes(text)
    if (bytes === undefined) throw new WireError('address', `"${text}" is not an IPv${family} address`)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(text, bytes)
  }
  return bytes
}

/** The first of the longest runs of two or more zero groups, RFC 5952 §4.2. */
function longestZeros(bytes: Uint8Array, at: number): { start: number; count: number } {
  let best = { start: -1, count: 1 }
  for (let group = 0; group < 8; group++) {
    let end = group
    while (end < 8 && bytes[at + 2 * end] === 0 && bytes[at + 2 * end + 1] === 0) end++
    if (end - group > best.count) best = { start: group, count: end - group }
    group = end
  }
  return best
}

function v4Bytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4)
  let part = 0
  let value = -1
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : DOT
    if (code >= ZERO && code <= NINE && value !== 0 && value <= 25) {
      value = (value < 0 ? 0 : value * 10) + code - ZERO
    } else if (code === DOT && value >= 0 && value <= 255 && part < 4) {
      bytes[part++] = value
      value = -1
    } else return undefined
  }
  return part === 4 ? bytes : undefined
}

/** Sixteen bytes, of which `::` leaves out two or more, RFC 4291 §2.2. */
function v6Bytes(text: string): Uint8Array | undefined {
  const gap = text.indexOf('::')
  const head = groupBytes(gap < 0 ? text : text.slice(0, gap), gap < 0)
  const tail = groupBytes(gap < 0 ? '' : text.slice(gap + 2), true)
  if (head === undefined || tail === undefined) return undefined
  const count = head.length + tail.length
  if (gap < 0 ? count !== 16 : count > 14) return undefined
  const bytes = new Uint8Array(16)
  bytes.set(head)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

/** The bytes of the groups between colons; at the end of an address, the last of them may be an IPv4 address. */
function groupBytes(text: string, atEnd: boolean): readonly number[] | undefined {
  const bytes: number[] = []
  if (text === '') return bytes
  for (let start = 0; start <= text.length; ) {
    const colon = text.indexOf(':', start)
    const end = colon < 0 ? text.length : colon
    const value = groupValue(text, start, end)
    const v4 = value < 0 && atEnd && colon < 0 ? v4Bytes(text.slice(start)) : undefined
    if (v4 !== undefined) bytes.push(...v4)
    else if (value < 0) return undefined
    else bytes.push(value >>> 8, value & 0xff)
    start = end + 1
  }
  return bytes
}

/** The value of one to four hexadecimal digits; -1 if that is not what stands there. */
function groupValue(text: string, start: number, end: number): number {
  if (start === end || end - start > 4) return -1
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = digitValue(text.charCodeAt(at))
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function digitValue(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO
  const letter = code | LOWER_CASE
  return letter >= LETTER_A && letter <= LETTER_F ? letter - LETTER_A + 10 : -1
}
