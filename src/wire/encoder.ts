// Owns the writing of one message, item by item, within a limit of bytes.
// Does not own what goes into a message or how much is left for the next one; mdns/pack.ts does.
import { WireError } from './errors.ts'
import { type NameStyle, rowOf } from './rdata.ts'
import { TYPE_OPT, typeCode } from './type-code.ts'
import type { Question, Rr, Section } from './types.ts'
import { Writer } from './writer.ts'

const HEADER_BYTES = 12
const MAX_BYTES = 0xffff
const TOP_BIT = 0x8000
const RESPONSE = 0x8000
const AUTHORITATIVE = 0x0400
const TRUNCATED = 0x0200
const SECTIONS = ['questions', 'answers', 'authorities', 'additionals'] as const

export interface EncoderOptions {
  /** 0 unless given, as in all multicast, RFC 6762 §18.1. */
  readonly id?: number
  readonly response: boolean
  /** As `response` unless given, RFC 6762 §18.4. */
  readonly authoritative?: boolean
  /** How many bytes the message may have, its header included. */
  readonly limit: number
  /** The reader is an ordinary resolver, which does not expand every name, RFC 6762 §18.14. */
  readonly legacy?: boolean
}

/** Sections are filled in their order: questions, answers, authorities, additionals; `finish` is called once. */
export class Encoder {
  readonly #writer = new Writer()
  readonly #limit: number
  readonly #style: NameStyle
  readonly #id: number
  readonly #flags: number
  readonly #counts = [0, 0, 0, 0]
  #section = 0

  constructor(options: EncoderOptions) {
    const authoritative = options.authoritative ?? options.response
    this.#limit = Math.min(options.limit, MAX_BYTES)
    this.#style = options.legacy === true ? 'legacy' : 'multicast'
    this.#id = options.id ?? 0
    this.#flags = (options.response ? RESPONSE : 0) | (authoritative ? AUTHORITATIVE : 0)
    this.#writer.skip(HEADER_BYTES)
  }

  /** In bytes, the header included. */
  get size(): number {
    return this.#writer.size
  }

  /** Whether there is nothing but the header. */
  get empty(): boolean {
    return this.#writer.size === HEADER_BYTES
  }

  /**
   * False, and nothing is written, if the question does not fit.
   * @throws WireError if its type cannot be written.
   */
  question(question: Question): boolean {
    return this.#item(0, writeQuestion, question)
  }

  /**
   * False, and nothing is written, if the record does not fit.
   * @throws WireError if a value in it cannot be written.
   */
  record(section: Section, rr: Rr): boolean {
    return this.#item(SECTIONS.indexOf(section), writeRecord, rr)
  }

  /** The message; `truncated` says that more known answers follow, RFC 6762 §7.2. Nothing can follow it. */
  finish(truncated = false): Uint8Array {
    this.#enter(SECTIONS.length)
    this.#writer.setU16(0, this.#id)
    this.#writer.setU16(2, this.#flags | (truncated ? TRUNCATED : 0))
    for (let section = 0; section < SECTIONS.length; section++) {
      this.#writer.setU16(4 + 2 * section, this.#counts[section] ?? 0)
    }
    return this.#writer.finish()
  }

  #enter(section: number): void {
    if (section < this.#section || this.#section === SECTIONS.length) {
      throw new WireError('section-order', `${SECTIONS[section]} cannot follow ${SECTIONS[this.#section] ?? 'the end'}`)
    }
    this.#section = section
  }

  /** Writes all of an item or nothing. */
  #item<T>(section: number, write: (writer: Writer, item: T, style: NameStyle) => void, item: T): boolean {
    this.#enter(section)
    const start = this.#writer.size
    let fits = false
    try {
      write(this.#writer, item, this.#style)
      fits = this.#writer.size <= this.#limit
    } finally {
      if (!fits) this.#writer.rollBack(start)
    }
    if (fits) this.#counts[section] = (this.#counts[section] ?? 0) + 1
    return fits
  }
}

function writeQuestion(writer: Writer, question: Question): void {
  writer.name(question.name)
  writer.u16(typeCode(question.type))
  writer.u16(question.class | (question.unicast ? TOP_BIT : 0))
}

function writeRecord(writer: Writer, rr: Rr, style: NameStyle): void {
  const code = typeCode(rr.type)
  writer.name(rr.name)
  writer.u16(code)
  writer.u16(rr.flush && code !== TYPE_OPT ? rr.class | TOP_BIT : rr.class)
  writer.u32(rr.ttl)
  const lengthAt = writer.size
  writer.skip(2)
  rowOf(rr.type).write(writer, rr, style)
  writer.setU16(lengthAt, writer.size - lengthAt - 2)
}
