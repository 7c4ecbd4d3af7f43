// Owns the TXT record of a service: key/value pairs to rdata and back, RFC 6763 §6.
// Does not own what the keys of a service type mean, nor the record around the rdata (records.ts).
import { RegistryError } from '../errors.ts'
import type { Txt, TxtInput } from './types.ts'

/** The rdata of a TXT record that says nothing: one empty string, RFC 6763 §6.1. */
export const EMPTY_TXT: Uint8Array = Uint8Array.of(0)

const MAX_STRING_BYTES = 255
/** What fits into a datagram of 9,000 bytes beside its header and the names, RFC 6762 §17. */
const MAX_TXT_BYTES = 8_900
const EQUALS = 0x3d
const KEY = /^[\x20-\x3c\x3e-\x7e]+$/

/**
 * The rdata for a map of values, or a copy of rdata that is ready; RFC 6763 §6.1-6.5. The order of the keys is kept.
 * Throws ERR_INVALID_TXT, or ERR_TXT_TOO_LARGE above 8,900 bytes.
 */
export function encodeTxt(input: TxtInput | Uint8Array): Uint8Array {
  const data = input instanceof Uint8Array ? checkedRdata(input) : joined(stringsOf(input))
  if (data.length <= MAX_TXT_BYTES) return data
  throw new RegistryError(
    'ERR_TXT_TOO_LARGE',
    `The TXT record has ${data.length} bytes; no more than ${MAX_TXT_BYTES} fit into a datagram, 1,300 are advisable`,
  )
}

/**
 * The map that rdata stands for; RFC 6763 §6.3, §6.4. Of keys that differ in case alone the first counts, strings
 * without a key are skipped, and so is a last string that is cut short.
 */
export function decodeTxt(data: Uint8Array): Txt {
  const txt = new Map<string, Uint8Array | true>()
  const seen = new Set<string>()
  for (const string of split(data)) {
    const equals = string.indexOf(EQUALS)
    const key = new TextDecoder().decode(equals < 0 ? string : string.subarray(0, equals))
    if (key === '' || seen.has(foldKey(key))) continue
    seen.add(foldKey(key))
    txt.set(key, equals < 0 ? true : string.subarray(equals + 1))
  }
  return txt
}

/** The value of a key, whatever the case of its ASCII letters, RFC 6763 §6.4; undefined if the key is absent. */
export function txtGet(txt: Txt, key: string): Uint8Array | true | undefined {
  const exact = txt.get(key)
  if (exact !== undefined) return exact
  const folded = foldKey(key)
  for (const [other, value] of txt) if (foldKey(other) === folded) return value
  return undefined
}

/** The map as a record for printing: UTF-8 text, or true for a key without value. The record has no prototype. */
export function txtText(txt: Txt): Record<string, string | true> {
  const record: Record<string, string | true> = Object.create(null)
  for (const [key, value] of txt) record[key] = value === true ? true : new TextDecoder().decode(value)
  return record
}

/** Whether two rdata say the same; none at all and one empty string do, RFC 6763 §6.1. */
export function sameTxt(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  const one = a === undefined || a.length === 0 ? EMPTY_TXT : a
  const other = b === undefined || b.length === 0 ? EMPTY_TXT : b
  return one.length === other.length && one.every((byte, i) => byte === other[i])
}

function stringsOf(input: TxtInput): Uint8Array[] {
  const strings: Uint8Array[] = []
  const seen = new Set<string>()
  for (const [key, value] of Object.entries(input)) {
    if (value === undefined || value === null || value === false) continue
    checkKey(key)
    if (seen.has(foldKey(key))) throw invalid(key, 'occurs twice, as keys differ in more than case')
    seen.add(foldKey(key))
    strings.push(pair(key, value))
  }
  return strings
}

function checkKey(key: string): void {
  if (!KEY.test(key)) throw invalid(key, 'is not made of printable ASCII characters other than "="')
}

function pair(key: string, value: string | Uint8Array | true): Uint8Array {
  const name = new TextEncoder().encode(value === true ? key : `${key}=`)
  const bytes = valueBytes(key, value)
  const length = name.length + bytes.length
  if (length > MAX_STRING_BYTES) {
    throw invalid(key, `and its value have ${length} bytes; 255 are allowed, so split the value over several keys`)
  }
  const string = new Uint8Array(length)
  string.set(name)
  string.set(bytes, name.length)
  return string
}

function valueBytes(key: string, value: string | Uint8Array | true): Uint8Array {
  if (value === true) return new Uint8Array(0)
  if (typeof value === 'string') return new TextEncoder().encode(value)
  if (value instanceof Uint8Array) return value
  throw invalid(key, 'has a value that is neither a string nor bytes nor a boolean; convert it to a string')
}

function joined(strings: readonly Uint8Array[]): Uint8Array {
  if (strings.length === 0) return EMPTY_TXT
  const data = new Uint8Array(strings.reduce((sum, string) => sum + 1 + string.length, 0))
  let at = 0
  for (const string of strings) {
    data[at] = string.length
    data.set(string, at + 1)
    at += 1 + string.length
  }
  return data
}

function checkedRdata(data: Uint8Array): Uint8Array {
  if (data.length === 0) return EMPTY_TXT
  let at = 0
  while (at < data.length) at += 1 + (data[at] ?? 0)
  if (at === data.length) return data.slice()
  throw new RegistryError('ERR_INVALID_TXT', 'The TXT rdata is no sequence of strings, each after its length byte')
}

function* split(data: Uint8Array): Generator<Uint8Array> {
  let at = 0
  while (at < data.length) {
    const end = at + 1 + (data[at] ?? 0)
    if (end > data.length) return
    yield data.subarray(at + 1, end)
    at = end
  }
}

function foldKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function invalid(key: string, why: string): RegistryError {
  return new RegistryError('ERR_INVALID_TXT', `The TXT key ${JSON.stringify(key)} ${why}`)
}
