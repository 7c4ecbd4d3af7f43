// Owns the escaped text of a run of bytes, which loses nothing: labels, and the strings of a TXT record.
// Does not own how labels form a name; name.ts does.
import { WireError } from './errors.ts'

const encoder = new TextEncoder()
const DOT = 0x2e
const BACKSLASH = 0x5c

/** The text of one label as it stands in a Name: one text for each sequence of bytes, and the reverse. */
export function labelText(bytes: Uint8Array, start: number, end: number): string {
  if (!isPlain(bytes, start, end)) return escapeBytes(bytes, start, end, '.')
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

/** Whether each byte is an ASCII character that stands for itself in a Name. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte <= 0x1f || byte >= 0x7f || byte === DOT || byte === BACKSLASH) return false
  }
  return true
}

/**
 * Text with `\\` before a backslash or one of the `special` characters, and `\DDD` for control bytes and for bytes
 * that are not UTF-8, RFC 1035 §5.1.
 */
export function escapeBytes(bytes: Uint8Array, start: number, end: number, special: string): string {
  let text = ''
  for (let at = start; at < end; ) {
    const size = characterSize(bytes, at, end)
    const code = size === 0 ? -1 : codePoint(bytes, at, size)
    if (code < 0x20 || code === 0x7f) {
      text += `\\${String(bytes[at] ?? 0).padStart(3, '0')}`
    } else {
      const character = String.fromCodePoint(code)
      text += code === BACKSLASH || special.includes(character) ? `\\${character}` : character
    }
    at += size || 1
  }
  return text
}

/** The bytes that escaped text stands for. */
export function unescapeBytes(text: string): Uint8Array {
  if (!text.includes('\\')) return encoder.encode(text)
  const bytes: number[] = []
  for (let at = 0; at < text.length; ) {
    const backslash = text.indexOf('\\', at)
    const plain = text.slice(at, backslash < 0 ? undefined : backslash)
    bytes.push(...encoder.encode(plain))
    at += plain.length
    if (backslash >= 0) at += unescapeOne(text, backslash, bytes)
  }
  return Uint8Array.from(bytes)
}

/** Reads the escape at `at` and gives its length in the text. */
function unescapeOne(text: string, at: number, bytes: number[]): number {
  const digits = /^\d{3}/.exec(text.slice(at + 1, at + 4))?.[0]
  if (digits !== undefined) {
    if (Number(digits) > 255) throw new WireError('escape', `\\${digits} is not a byte`)
    bytes.push(Number(digits))
    return 4
  }
  const character = text.codePointAt(at + 1)
  if (character === undefined) throw new WireError('escape', 'a backslash at the end escapes nothing')
  const escaped = String.fromCodePoint(character)
  bytes.push(...encoder.encode(escaped))
  return 1 + escaped.length
}

/** How many bytes the UTF-8 character at `at` has; 0 if there is none, RFC 3629 §4. */
function characterSize(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4 || at + size > end) return 0
  for (let next = at + 1; next < at + size; next++) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  }
  const code = codePoint(bytes, at, size)
  const surrogate = code >= 0xd800 && code <= 0xdfff
  const shortest = size === 2 || (size === 3 ? code >= 0x800 : code >= 0x10000 && code <= 0x10ffff)
  return shortest && !surrogate ? size : 0
}

function codePoint(bytes: Uint8Array, at: number, size: number): number {
  const lead = bytes[at] ?? 0
  if (size === 1) return lead
  let code = lead & (0x7f >> size)
  for (let next = at + 1; next < at + size; next++) code = (code << 6) | ((bytes[next] ?? 0) & 0x3f)
  return code
}
