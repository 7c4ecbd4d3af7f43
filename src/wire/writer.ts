// Owns the bytes of a message that is being written, and the names in it that later ones can point to.
// Does not own the order of fields; encoder.ts and rdata.ts do.
import { WireError } from './errors.ts'
import { unescapeBytes } from './label.ts'
import { MAX_LABEL_BYTES, MAX_MESSAGE_BYTES } from './limits.ts'
import { labelEnd, type Name, ROOT } from './name.ts'

const POINTER = 0xc000
/** A pointer has fourteen bits for its target. */
const MAX_TARGET = 0x3fff
const DOT = 0x2e
const BACKSLASH = 0x5c

/** Lent to one writer at a time: fresh memory costs more than all the rest of a short message. */
let spare: Uint8Array | undefined

export class Writer {
  size = 0
  #bytes: Uint8Array
  /** Where each name, and each end of one, was written. */
  readonly #targets = new Map<string, number>()

  constructor() {
    this.#bytes = spare ?? new Uint8Array(MAX_MESSAGE_BYTES)
    spare = undefined
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
    for (let start = 0; name !== ROOT && start < name.length; ) {
      const suffix = start === 0 ? name : name.slice(start)
      const target = this.#targets.get(suffix)
      if (target !== undefined) {
        this.u16(POINTER | target)
        return
      }
      if (this.size <= MAX_TARGET) this.#targets.set(suffix, this.size)
      start = this.#label(name, start) + 1
    }
    this.u8(0)
  }

  /** A name that neither contains a pointer nor is pointed to. */
  plainName(name: Name): void {
    for (let start = 0; name !== ROOT && start < name.length; ) start = this.#label(name, start) + 1
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
    for (const [suffix, target] of this.#targets) if (target >= size) this.#targets.delete(suffix)
  }

  /** A copy of what was written; nothing can be written after it. */
  finish(): Uint8Array {
    if (this.#bytes.length === MAX_MESSAGE_BYTES) spare = this.#bytes
    this.#bytes = this.#bytes.slice(0, this.size)
    return this.#bytes
  }

  /** Writes the label that starts at `start` of the text, and gives its end there. */
  #label(text: string, start: number): number {
    this.#reserve(1 + MAX_LABEL_BYTES)
    const head = this.size
    let to = head + 1
    let at = start
    for (; at < text.length && at - start <= MAX_LABEL_BYTES; at++) {
      const code = text.charCodeAt(at)
      if (code === DOT) break
      if (code === BACKSLASH || code > 0x7e) return this.#escapedLabel(text, start)
      this.#bytes[to++] = code
    }
    if (at === start || at - start > MAX_LABEL_BYTES) throw new WireError('label-too-long', `"${text}" is not a name`)
    this.#bytes[head] = at - start
    this.size = to
    return at
  }

  #escapedLabel(text: string, start: number): number {
    const end = labelEnd(text, start)
    const label = unescapeBytes(text.slice(start, end))
    if (label.length > MAX_LABEL_BYTES) throw new WireError('label-too-long', `"${text}" is not a name`)
    this.u8(label.length)
    this.bytes(label)
    return end
  }

  #reserve(count: number): void {
    const needed = this.size + count
    if (needed <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    bytes.set(this.#bytes.subarray(0, this.size))
    this.#bytes = bytes
  }
}
