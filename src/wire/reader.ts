// Owns a cursor over the bytes of one message, and the names that pointers make of them.
// Does not own the order of fields; decode.ts and rdata.ts do.
import { MAX_NAME_BYTES, MAX_POINTER_HOPS } from './limits.ts'
import { type Name, ROOT } from './name.ts'
import { pooledName } from './name-pool.ts'

const HEADER_BYTES = 12
const POINTER = 0xc0

/** What a name that starts at some offset turned out to be. */
interface Known {
  /** Undefined if there is no name that could be used. */
  readonly name: Name | undefined
  /** In bytes, without compression, the root included. */
  readonly length: number
  readonly hops: number
  /** Where the bytes after it start. */
  readonly end: number
}

/** Where a name ends if nobody knows: past the end of any message. */
const NOWHERE = 0x3fffffff
const UNUSABLE: Known = { name: undefined, length: 0, hops: 0, end: NOWHERE }

/** The labels and pointers of the name that is being visited; empty between two visits, so one is enough for all. */
const trail: number[] = []

/**
 * Reading past the end gives zeros and still moves the cursor, so that fields are read without a check each: whoever
 * reads compares `offset` with the end that it expected.
 */
export class Reader {
  readonly bytes: Uint8Array
  offset: number
  /** How many labels and pointers were visited; never more than there are bytes. */
  steps = 0
  readonly #known: (Known | undefined)[]

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes
    this.offset = offset
    this.#known = new Array(bytes.length)
  }

  u8(): number {
    return this.bytes[this.offset++] ?? 0
  }

  u16(): number {
    const at = this.offset
    this.offset = at + 2
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0)
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16()
  }

  /** A copy of the bytes up to `end`; a Buffer's own slice would share memory with the datagram. */
  slice(end: number): Uint8Array {
    const start = this.offset
    const copy = new Uint8Array(Math.max(0, Math.min(end, this.bytes.length) - start))
    for (let at = 0; at < copy.length; at++) copy[at] = this.bytes[start + at] ?? 0
    this.offset = end
    return copy
  }

  /**
   * The name at the cursor, or undefined if it is broken; then the cursor is still behind it if that is known.
   * Pointers lead to earlier bytes only, RFC 1035 §4.1.4. Each offset is visited once, whatever points to it, so that
   * no message costs more steps than it has bytes.
   */
  name(): Name | undefined {
    const known = this.#known[this.offset] ?? this.#visit(this.offset)
    this.offset = known.end
    return known.name
  }

  #visit(start: number): Known {
    const { bytes } = this
    let at = start
    while (at < bytes.length && bytes[at] !== 0 && this.#known[at] === undefined) {
      // Until it is known better: a name that comes back to here is a loop.
      this.#known[at] = UNUSABLE
      trail.push(at)
      at = this.#next(at)
    }
    this.steps += trail.length
    let known = bytes[at] === 0 ? { name: ROOT, length: 1, hops: 0, end: at + 1 } : (this.#known[at] ?? UNUSABLE)
    for (let visited = trail.pop(); visited !== undefined; visited = trail.pop()) {
      known = this.#extend(visited, known)
      this.#known[visited] = known
    }
    return known
  }

  /** Where the name goes on after the label or pointer at `at`; past the end if it does not. */
  #next(at: number): number {
    const head = this.bytes[at] ?? 0
    if (head < 0x40) return at + 1 + head
    if (head < POINTER) return NOWHERE
    const target = ((head & 0x3f) << 8) | (this.bytes[at + 1] ?? 0)
    return target >= HEADER_BYTES && target < at ? target : NOWHERE
  }

  /** What starts at `at`, given what follows. */
  #extend(at: number, rest: Known): Known {
    const head = this.bytes[at] ?? 0
    if (head >= POINTER) {
      const hops = rest.hops + 1
      const name = hops > MAX_POINTER_HOPS ? undefined : rest.name
      return { name, length: rest.length, hops, end: at + 2 }
    }
    const length = rest.length + 1 + head
    const usable = rest.name !== undefined && length <= MAX_NAME_BYTES
    const name = usable ? pooledName(this.bytes, at, rest.name) : undefined
    return { name, length, hops: rest.hops, end: rest.end }
  }
}
