// Owns what text from the network may look like on a terminal: nothing that moves, hides or reorders other text.
// Does not own layout (table.ts) nor what is printed (format.ts).

/** Controls (C0, DEL, C1), format characters (bidi, zero width), line and paragraph separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** For people: the unsafe characters as `\u001b`, and a backslash doubled so that the two cannot be mistaken. */
export function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(UNSAFE, escapeUnits)
}

/** For programs: one line of JSON that parses to `value`; JSON itself escapes C0 only. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeUnits)
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
