// Owns the look at a message before it is decoded: which names its questions and records have, told as hashes.
// Does not own which names matter (mdns/matters.ts), nor anything that would take an object to say.
import { MAX_ITEMS, MAX_MESSAGE_BYTES, MAX_POINTER_HOPS } from './limits.ts'
import { labelsOf, type Name } from './name.ts'

const HEADER_BYTES = 12
/** QR, AA, TC, RD, RA, AD and CD may have any value; an opcode or an rcode is for the decoder to tell. */
const OPCODE_AND_RCODE = 0x780f
const POINTER = 0xc0
const MAX_LABELS = 128
const ROOT_HASH = 0x811c9dc5 | 0
const PRIME = 0x01000193

/** A to Z as a to z. */
const FOLD = Uint8Array.from({ length: 256 }, (_, code) => (code >= 0x41 && code <= 0x5a ? code | 0x20 : code))

/** Tells whether the name with this hash matters. Two names may share a hash, which costs no more than the decoding. */
export interface HashedNames {
  has(hash: number): boolean
}

// What is known of the name at each offset of the message that was looked at in the given round; each is hashed once.
const rounds = new Float64Array(MAX_MESSAGE_BYTES)
const hashes = new Int32Array(MAX_MESSAGE_BYTES)
const parents = new Int32Array(MAX_MESSAGE_BYTES)
const trail = new Uint16Array(MAX_LABELS)
let round = 0

/** The same for names that differ in ASCII case alone, RFC 6762 §16. */
export function hashOf(name: Name | string): number {
  let hash = ROOT_HASH
  for (const label of labelsOf(name).toReversed()) hash = hashLabel(hash, label, 0, label.length)
  return hash
}

/**
 * Whether a question or record of the message has a name that matters, or is right below one, as an instance is below
 * its service type. True as well for what the decoder would refuse or find odd, so that it can say so.
 */
export function mentions(bytes: Uint8Array, names: HashedNames): boolean {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_MESSAGE_BYTES) return true
  if ((u16(bytes, 2) & OPCODE_AND_RCODE) !== 0) return true
  const questions = u16(bytes, 4)
  const items = questions + u16(bytes, 6) + u16(bytes, 8) + u16(bytes, 10)
  if (items > MAX_ITEMS) return true
  round++
  let at = HEADER_BYTES
  for (let item = 0; item < items; item++) {
    const start = ownerAt(bytes, at)
    if (start < 0 || names.has(hashes[start] ?? 0) || names.has(parents[start] ?? 0)) return true
    at = endOfName(bytes, at)
    at += item < questions ? 4 : 10 + u16(bytes, at + 8)
    if (at > bytes.length) return true
  }
  return false
}

/** QR, RFC 1035 §4.1.1. */
export function isResponse(bytes: Uint8Array): boolean {
  return ((bytes[2] ?? 0) & 0x80) !== 0
}

/** Where the first label of the name at `start` is, once its hash is known; -1 if it is none to go by. */
function ownerAt(bytes: Uint8Array, start: number): number {
  let at = start
  let hops = 0
  let depth = 0
  let first = -1
  for (;;) {
    const head = bytes[at] ?? POINTER - 1
    if (head >= POINTER) {
      const target = ((head & 0x3f) << 8) | (bytes[at + 1] ?? 0)
      if (target < HEADER_BYTES || target >= at || ++hops > MAX_POINTER_HOPS) return -1
      at = target
      continue
    }
    if (head >= 0x40) return -1
    if (first < 0) first = at
    if (rounds[at] === round) break
    if (head === 0) {
      keep(at, ROOT_HASH, ROOT_HASH)
      break
    }
    if (depth === MAX_LABELS) return -1
    trail[depth++] = at
    at += 1 + head
  }
  hashTrail(bytes, depth, hashes[at] ?? 0)
  return first
}

/** From the last label to the first, `parent` being what follows. */
function hashTrail(bytes: Uint8Array, depth: number, parent: number): void {
  let hash = parent
  for (let index = depth - 1; index >= 0; index--) {
    const at = trail[index] ?? 0
    const before = hash
    hash = hashLabel(before, bytes, at + 1, at + 1 + (bytes[at] ?? 0))
    keep(at, hash, before)
  }
}

function keep(at: number, hash: number, parent: number): void {
  rounds[at] = round
  hashes[at] = hash
  parents[at] = parent
}

function hashLabel(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = Math.imul(parent ^ (end - start), PRIME)
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (FOLD[bytes[at] ?? 0] ?? 0), PRIME)
  return hash
}

function endOfName(bytes: Uint8Array, start: number): number {
  let at = start
  for (let head = bytes[at] ?? 0; head > 0; head = bytes[at] ?? 0) {
    if (head >= POINTER) return at + 2
    at += 1 + head
  }
  return at + 1
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
