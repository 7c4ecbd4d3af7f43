// Owns the text of IP addresses as RFC 5952 wants it, and their bytes.
// Does not own which addresses a host has or announces.
import { WireError } from './errors.ts'

// dns-packet's codec shortens the first run of zeros, not the longest, and takes any text for an address.

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

/** @throws WireError if the text is not an address of that family; a zone is not part of one. */
export function addressBytes(text: string, family: 4 | 6): Uint8Array {
  const bytes = family === 4 ? v4Bytes(text) : v6Bytes(text)
  if (bytes === undefined) throw new WireError('address', `"${text}" is not an IPv${family} address`)
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
  const parts = text.split('.')
  const valid = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  return valid ? Uint8Array.from(parts, Number) : undefined
}

function v6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = v6Groups(halves[0] ?? '')
  const tail = v6Groups(halves[1] ?? '')
  if (head === undefined || tail === undefined) return undefined
  const count = head.length + tail.length
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined
  const groups = [...head, ...new Array<number>(8 - count).fill(0), ...tail]
  return Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff]))
}

/** The groups between colons, of which the last may be an IPv4 address, RFC 4291 §2.2. */
function v6Groups(text: string): readonly number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const v4 = v4Bytes(parts.at(-1) ?? '')
  if (v4 !== undefined) parts.splice(-1, 1, ...embedded(v4))
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined
}

function embedded(v4: Uint8Array): readonly string[] {
  const [a = 0, b = 0, c = 0, d = 0] = v4
  return [((a << 8) | b).toString(16), ((c << 8) | d).toString(16)]
}
