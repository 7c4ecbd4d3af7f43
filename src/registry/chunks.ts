// Owns the packed part of a TXT record: JSON, deflated, cut into strings `z0=`, `z1=` …
// Does not own what goes into it (node-txt.ts).
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** The longest TXT string, RFC 1035 §3.3. */
export const MAX_STRING_BYTES = 255
/** What a packed part may grow to, so that a few hundred hostile bytes cannot fill the memory. */
export const MAX_UNPACKED_BYTES = 65_536

const utf8 = new TextEncoder()
const text = new TextDecoder('utf-8', { ignoreBOM: true })

/** Undefined if the content is larger than a reader would unpack. */
export function packChunks(content: unknown): ReadonlyMap<string, Uint8Array> | undefined {
  const plain = utf8.encode(JSON.stringify(content))
  if (plain.length > MAX_UNPACKED_BYTES) return undefined
  const packed = deflateRawSync(plain, { level: 9 })
  const chunks = new Map<string, Uint8Array>()
  for (let at = 0; at < packed.length; ) {
    const key = `z${chunks.size}`
    const room = MAX_STRING_BYTES - `${key}=`.length
    chunks.set(key, packed.subarray(at, at + room))
    at += room
  }
  return chunks
}

/** Undefined if there are no chunks, or if they are incomplete, too large or not ours. Their keys tell the order. */
export function unpackChunks(strings: ReadonlyMap<string, Uint8Array>): unknown {
  const chunks: Uint8Array[] = []
  for (;;) {
    const chunk = strings.get(`z${chunks.length}`)
    if (chunk === undefined) break
    chunks.push(chunk)
  }
  if (chunks.length === 0) return undefined
  try {
    return JSON.parse(text.decode(inflateRawSync(Buffer.concat(chunks), { maxOutputLength: MAX_UNPACKED_BYTES })))
  } catch {
    return undefined
  }
}
