// Owns the TXT record of go-micro: JSON, deflated, in hexadecimal digits, cut into strings of 255.
// Does not own what the JSON means (registry/micro-node.ts).
import { deflateSync, inflateSync } from 'node:zlib'
import { MICRO_LIMITS } from './limits.ts'

/** An object as go-micro writes it, its keys in lower case: go-micro takes them in any case. */
export type MicroJson = Readonly<Record<string, unknown>>

const STRING = 255

export function encodeMicroTxt(json: object): Uint8Array {
  const digits = deflateSync(JSON.stringify(json)).toString('hex')
  const strings: Buffer[] = []
  for (let at = 0; at < digits.length; at += STRING) {
    const string = digits.slice(at, at + STRING)
    strings.push(Buffer.from([string.length]), Buffer.from(string, 'latin1'))
  }
  return Buffer.concat(strings)
}

/** Undefined for whatever is not the record of a node: `null`, an array, or what unfolds to more than 64 KiB. */
export function decodeMicroTxt(data: Uint8Array): MicroJson | undefined {
  const digits = joined(data)
  if (digits === undefined || digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    return undefined
  }
  try {
    const json = inflateSync(Buffer.from(digits, 'hex'), { maxOutputLength: MICRO_LIMITS.unfolded })
    return toRecord(JSON.parse(json.toString('utf8')))
  } catch {
    // What a peer sends may be anything.
    return undefined
  }
}

/** The strings of the record as one; undefined if their lengths do not add up. */
function joined(data: Uint8Array): string | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + (bytes[at] ?? 0)
    if (end > bytes.length) return undefined
    text += bytes.toString('latin1', at + 1, end)
    at = end
  }
  return text
}

/** The first of two keys that differ in case alone counts. */
function toRecord(raw: unknown): MicroJson | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const entries = Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value] as const)
  return Object.fromEntries(entries.reverse())
}
