// Owns the rule for names that become one DNS label: service names and node ids.
// Does not own host names (address.ts) nor the escaping of labels (wire/name.ts).
import { RegistryError } from '../errors.ts'
import { foldAscii } from '../wire/name.ts'

const MAX_BYTES = 63
const utf8 = new TextEncoder()

/** Half a surrogate pair cannot be written as UTF-8, so a string with one would come back changed. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/**
 * Net-Unicode without control characters, 1 to 63 bytes, RFC 6763 §4.1.1; returns it in normal form C.
 * Throws ERR_INVALID_NAME or ERR_NAME_TOO_LONG; `what` names the field in the message.
 */
export function parseLabel(text: unknown, what: string): string {
  if (typeof text !== 'string') throw new RegistryError('ERR_INVALID_NAME', `${what} must be a string`)
  const label = text.normalize('NFC')
  if (label === '') throw new RegistryError('ERR_INVALID_NAME', `${what} is empty; give it at least one character`)
  if (/\p{Control}/u.test(label) || !isWellFormed(label)) {
    throw new RegistryError('ERR_INVALID_NAME', `${what} ${JSON.stringify(label)} holds a control character; remove it`)
  }
  const size = utf8.encode(label).length
  if (size > MAX_BYTES) {
    throw new RegistryError(
      'ERR_NAME_TOO_LONG',
      `${what} '${label}' is ${size} bytes long; shorten it to ${MAX_BYTES} bytes of UTF-8`,
    )
  }
  return label
}

/** The longest start of `text` that fits in `bytes` bytes of UTF-8, cut between characters. */
export function cutLabel(text: string, bytes: number): string {
  let size = 0
  let cut = ''
  for (const character of text) {
    size += utf8.encode(character).length
    if (size > bytes) break
    cut += character
  }
  return cut
}

/** The form in which two labels are equal exactly if DNS takes them for equal, RFC 6762 §16: ASCII case is ignored. */
export function foldLabel(label: string): string {
  return foldAscii(label)
}
