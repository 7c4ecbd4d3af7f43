// Owns domain names: their canonical text, their labels, and how two of them compare.
// Does not own their compressed form in a message; reader.ts and writer.ts do.
import { WireError } from './errors.ts'
import { escapeBytes, labelText, unescapeBytes } from './label.ts'
import { MAX_LABEL_BYTES, MAX_NAME_BYTES } from './limits.ts'

declare const brand: unique symbol

/**
 * A domain name as text, without a dot at its end; the root is `.`. Two names have the same bytes exactly when they
 * have the same text: UTF-8 stands as it is, a dot or a backslash in a label has a backslash before it, and control
 * bytes and bytes that are not UTF-8 are `\DDD`, RFC 6763 §4.3.
 */
export type Name = string & { readonly [brand]: true }

export const ROOT = '.' as Name

const encoder = new TextEncoder()
const DOT = 0x2e
const BACKSLASH = 0x5c

/** Names that were folded of late: every record that is heard or sent is looked up by its name several times. */
const folded = new Map<Name, string>()
/** More than the names of a busy link. */
const MAX_FOLDED = 4_096

/**
 * The name of these labels, each whole: dots in it belong to it.
 * @throws WireError if a label is empty or has more than 63 bytes, or the name more than 256 with its root.
 */
export function nameFromLabels(labels: readonly (string | Uint8Array)[]): Name {
  let name = ''
  let length = 1
  for (const label of labels) {
    const bytes = checkedLabel(label)
    name += name === '' ? '' : '.'
    name += labelText(bytes, 0, bytes.length)
    length = checkedLength(length + 1 + bytes.length)
  }
  return name === '' ? ROOT : (name as Name)
}

/**
 * The name that escaped text stands for; a dot at the end changes nothing.
 * @throws WireError as nameFromLabels does, and for an escape that means nothing.
 */
export function nameFromText(text: string): Name {
  return text === '.' ? ROOT : nameFromLabels(labelsOf(text))
}

/** The bytes of each label, without the root. */
export function labelsOf(name: Name | string): readonly Uint8Array[] {
  const labels: Uint8Array[] = []
  if (name === ROOT) return labels
  for (let start = 0; start === 0 || start < name.length; ) {
    const end = labelEnd(name, start)
    labels.push(unescapeBytes(name.slice(start, end)))
    start = end + 1
  }
  return labels
}

/** The first label without its escapes, for people to read; only bytes that are not UTF-8 stay `\DDD`. */
export function firstLabel(name: Name): string {
  if (name === ROOT) return ''
  const label = name.slice(0, labelEnd(name, 0))
  if (!label.includes('\\')) return label
  return label.replace(/\\(\d{3}|.)/gs, (whole, escaped: string) => {
    if (escaped.length === 1) return escaped
    return Number(escaped) < 0x80 ? String.fromCharCode(Number(escaped)) : whole
  })
}

/** The name without its first label; the root is its own parent. */
export function parentOf(name: Name): Name {
  const end = labelEnd(name, 0)
  return end + 1 < name.length ? (name.slice(end + 1) as Name) : ROOT
}

/**
 * The name with one more label in front.
 * @throws WireError as nameFromLabels does.
 */
export function joinName(label: string, parent: Name): Name {
  const bytes = checkedLabel(label)
  checkedLength(1 + bytes.length + wireLength(parent))
  const text = labelText(bytes, 0, bytes.length)
  return (parent === ROOT ? text : `${text}.${parent}`) as Name
}

/**
 * What two names have in common exactly when they are the same: their text with A to Z as a to z. Nothing else is
 * folded, so that É and é differ, RFC 6762 §16.
 */
export function foldName(name: Name): string {
  let text = folded.get(name)
  if (text === undefined) {
    text = foldAscii(name)
    if (folded.size >= MAX_FOLDED) folded.clear()
    folded.set(name, text)
  }
  return text
}

/** A to Z as a to z, and nothing else. */
export function foldAscii(text: string): string {
  let capitals = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // The platform's lower case is right for ASCII alone: it would make a k of the Kelvin sign.
    if (code > 0x7f) return text.replace(/[A-Z]+/g, (ascii) => ascii.toLowerCase())
    if (code >= 0x41 && code <= 0x5a) capitals = true
  }
  return capitals ? text.toLowerCase() : text
}

export function sameName(a: Name, b: Name): boolean {
  return a === b || (a.length === b.length && foldName(a) === foldName(b))
}

/** Whether `name` is `ancestor` or below it. */
export function isWithin(name: Name, ancestor: Name): boolean {
  if (ancestor === ROOT) return true
  const start = name.length - ancestor.length
  if (start < 0 || foldAscii(name.slice(start)) !== foldName(ancestor)) return false
  return start === 0 || (name.charCodeAt(start - 1) === DOT && !isEscaped(name, start - 1))
}

/** Where the label that starts at `start` ends: at a dot that is not escaped, or with the text. */
export function labelEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === DOT) return at
    if (code === BACKSLASH) at++
  }
  return text.length
}

function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text.charCodeAt(before - 1) === BACKSLASH) before--
  return (at - before) % 2 === 1
}

function wireLength(name: Name): number {
  let length = 1
  for (const label of labelsOf(name)) length += 1 + label.length
  return length
}

/** RFC 1035 §2.3.4. */
function checkedLabel(label: string | Uint8Array): Uint8Array {
  const bytes = typeof label === 'string' ? encoder.encode(label) : label
  if (bytes.length === 0) throw new WireError('empty-label', 'a label cannot be empty')
  if (bytes.length <= MAX_LABEL_BYTES) return bytes
  const text = escapeBytes(bytes, 0, bytes.length, '')
  throw new WireError('label-too-long', `"${text}" has ${bytes.length} bytes; a label has ${MAX_LABEL_BYTES} at most`)
}

/** RFC 6762 Appendix C. */
function checkedLength(length: number): number {
  if (length <= MAX_NAME_BYTES) return length
  throw new WireError('name-too-long', `a name has ${MAX_NAME_BYTES} bytes at most, its labels' lengths included`)
}
