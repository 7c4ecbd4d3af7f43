// Owns the scheme by which an instance gets another name after it lost the one it wanted.
// Does not own conflicts (mdns) nor the scheme of host names, which allow fewer characters.
import { MAX_LABEL_BYTES } from '../wire/limits.ts'

const NUMBERED = /^(.+) \(([1-9]\d{0,8})\)$/s

/** So many names after this one: `Printer`, `Printer (2)`, `Printer (3)` …, within 63 bytes of UTF-8, RFC 6762 §9. */
export function instanceAfter(name: string, steps: number): string {
  const [, base = name, number = '1'] = NUMBERED.exec(name) ?? []
  const suffix = ` (${Number(number) + steps})`
  return cut(base, MAX_LABEL_BYTES - suffix.length) + suffix
}

/** As many whole characters as fit. */
function cut(text: string, maxBytes: number): string {
  const encoder = new TextEncoder()
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += encoder.encode(character).length
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}
