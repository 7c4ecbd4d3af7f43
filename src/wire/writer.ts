// Owns the bytes of a message that is being written, and the names in it that later ones can point to.
// Does not own the order of fields; encoder.ts and rdata.ts do.
import { MAX_MESSAGE_BYTES } from './limits.ts'
import type { Name } from './name.ts'
import { type Ending, formOf, trimForms } from './name-form.ts'

const POINTER = 0xc000
/** A pointer has fourteen bits for its target. */
const MAX_TARGET = 0x3fff

/** Finished messages lie in it side by side: fresh memory for each costs as much as all the rest of a short one. */
const POOL_BYTES = 65_536
let pool = new Uint8Array(POOL_BYTES)
let used = 0
/** Whoever writes to the free end of the pool, or has given up without a word. */
let lentTo: Writer | undefined
/** Messages begun so far. */
let messages = 0

export class Writer {
  size = 0
  #bytes: Uint8Array
  /** What later names can point to, and where it stands, in the order in which it was written. */
  readonly #endings: Ending[] = []
  readonly #targets: number[] = []
  readonly #message = ++messages

  constructor() {
    trimForms()
    this.#bytes = freeEnd()
    lentTo = this
  }

  u8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.size++] = value
  }

  u16(value: number): void {
    this.#reserve(2)
    this.setU16(this.size, value)
    this.size += 2
  }

  u32(value: number): void {
    this.u16(value >>> 16)
    this.u16(value)
  }

  /** Overwrites what stands at `at`. */
  setU16(at: number, value: number): void {
    this.#bytes[at] = value >>> 8
    this.#bytes[at + 1] = value
  }

  bytes(data: Uint8Array): void {
    this.#reserve(data.length)
    this.#bytes.set(data, this.size)
    this.size += data.length
  }

  /**
   * A name, of which the end is a pointer where the same bytes stand already, RFC 1035 §4.1.4. Names that differ in
   * case do not share bytes, because case is preserved, RFC 6762 §16.
   */
  name(name: Name): void {
    const { bytes, starts, endings } = formOf(name)
    const head = this.size
    for (let label = 0; label < endings.length; label++) {
      const ending = endings[label]
      const start = starts[label] ?? 0
      if (ending === undefined) continue
      const target = this.#targetOf(ending)
      if (target >= 0) {
        this.#copy(bytes, start)
        this.u16(POINTER | target)
        return
      }
      if (head + start <= MAX_TARGET) this.#point(ending, head + start)
    }
    this.#copy(bytes, bytes.length)
    this.u8(0)
  }

  /** A name that neither contains a pointer nor is pointed to. */
  plainName(name: Name): void {
    const { bytes } = formOf(name)
    this.#copy(bytes, bytes.length)
    this.u8(0)
  }

  /** Leaves room for what `setU16` fills in later. */
  skip(count: number): void {
    this.#reserve(count)
    this.size += count
  }

  /** Takes back everything from `size` on. */
  rollBack(size: number): void {
    this.size = size
    while ((this.#targets.at(-1) ?? -1) >= size) {
      this.#targets.pop()
      const ending = this.#endings.pop()
      if (ending?.message === this.#message) ending.message = 0
    }
  }

  /** What was written; nothing can be written after it. */
  finish(): Uint8Array {
    if (lentTo === this) {
      used += this.size
      lentTo = undefined
    }
    this.#bytes = this.#bytes.subarray(0, this.size)
    return this.#bytes
  }

  /** Where this message has the ending; -1 if nowhere. */
  #targetOf(ending: Ending): number {
    if (ending.message === this.#message) return ending.at
    if (messages === this.#message) return -1
    // A message that was begun after this one may have written it as well, or have had it made anew.
    const index = this.#endings.findIndex(({ text }) => text === ending.text)
    return index < 0 ? -1 : (this.#targets[index] ?? -1)
  }

  #point(ending: Ending, at: number): void {
    ending.message = this.#message
    ending.at = at
    this.#endings.push(ending)
    this.#targets.push(at)
  }

  /** Byte by byte: names are short, and a call that copies costs more than they do. */
  #copy(bytes: Uint8Array, count: number): void {
    this.#reserve(count)
    for (let at = 0; at < count; at++) this.#bytes[this.size + at] = bytes[at] ?? 0
    this.size += count
  }

  #reserve(count: number): void {
    const needed = this.size + count
    if (needed <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    bytes.set(this.#bytes.subarray(0, this.size))
    this.#bytes = bytes
    if (lentTo === this) lentTo = undefined
  }
}

/** Room for the longest message there is; behind that of a writer which may still be at its own. */
function freeEnd(): Uint8Array {
  if (lentTo !== undefined) used += MAX_MESSAGE_BYTES
  if (used + MAX_MESSAGE_BYTES > POOL_BYTES) {
    pool = new Uint8Array(POOL_BYTES)
    used = 0
  }
  return pool.subarray(used, used + MAX_MESSAGE_BYTES)
}
