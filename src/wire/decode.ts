// Owns the reading of a whole message: header, questions, and the frame of every record.
// Does not own rdata (rdata.ts), nor whether a message is one to act on (mdns/link.ts).
import { WireError } from './errors.ts'
import { MAX_ITEMS } from './limits.ts'
import { rowOfCode } from './rdata.ts'
import { Reader } from './reader.ts'
import { TYPE_OPT, typeFromCode } from './type-code.ts'
import type { Message, Name, Question, Rr, RrHead } from './types.ts'

const HEADER_BYTES = 12
/** A root name, a type and a class. */
const MIN_QUESTION_BYTES = 5
/** A root name, a type, a class, a TTL and the length of no rdata. */
const MIN_RECORD_BYTES = 11
const TOP_BIT = 0x8000

/**
 * The message in `bytes`. A record that cannot be read is left out and the others are kept; where even its length is
 * out of bounds, nothing after it can be found.
 * @throws WireError if the header or the question section cannot be used.
 */
export function decode(bytes: Uint8Array): Message {
  return decodeFrom(new Reader(bytes))
}

/** As decode, with a reader that tells afterwards how much work it was. */
export function decodeFrom(reader: Reader): Message {
  const { bytes } = reader
  if (bytes.length < HEADER_BYTES) throw new WireError('header', `${bytes.length} bytes are no message`)
  const id = reader.u16()
  const flags = reader.u16()
  const questionCount = reader.u16()
  const answerCount = reader.u16()
  const authorityCount = reader.u16()
  const additionalCount = reader.u16()
  checkCounts(bytes.length, questionCount, answerCount + authorityCount + additionalCount)
  const skipped: Name[] = []
  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    rcode: flags & 0xf,
    questions: readQuestions(reader, questionCount),
    answers: readRecords(reader, Math.min(answerCount, MAX_ITEMS), skipped),
    authorities: readRecords(reader, Math.min(authorityCount, MAX_ITEMS - answerCount), skipped),
    additionals: readRecords(reader, Math.min(additionalCount, MAX_ITEMS - answerCount - authorityCount), skipped),
    skipped,
  }
}

/** Counts that the rest of the message has no room for are a lie, whatever follows. */
function checkCounts(length: number, questions: number, records: number): void {
  const needed = MIN_QUESTION_BYTES * questions + MIN_RECORD_BYTES * records
  if (needed > length - HEADER_BYTES) throw new WireError('counts', `${length} bytes cannot hold ${needed}`)
  if (questions > MAX_ITEMS) throw new WireError('counts', `${questions} questions are too many`)
}

function readQuestions(reader: Reader, count: number): readonly Question[] {
  const questions: Question[] = new Array(count)
  for (let index = 0; index < count; index++) {
    const name = reader.name()
    const type = typeFromCode(reader.u16())
    const topAndClass = reader.u16()
    if (name === undefined || reader.offset > reader.bytes.length) {
      throw new WireError('question', `question ${index + 1} cannot be read`)
    }
    questions[index] = { name, type, class: topAndClass & ~TOP_BIT, unicast: (topAndClass & TOP_BIT) !== 0 }
  }
  return questions
}

/** Reads on to the RDLENGTH boundary, whatever the rdata turned out to be, RFC 1035 §3.2.1. */
function readRecords(reader: Reader, count: number, skipped: Name[]): readonly Rr[] {
  const records: Rr[] = []
  for (let index = 0; index < count && reader.offset < reader.bytes.length; index++) {
    const name = reader.name()
    const code = reader.u16()
    const topAndClass = reader.u16()
    const ttl = reader.u32()
    const length = reader.u16()
    const end = reader.offset + length
    if (name !== undefined && end <= reader.bytes.length) {
      const rr = rowOfCode(code).read(reader, headOf(name, code, topAndClass, ttl), end, code)
      if (rr !== undefined && reader.offset === end) records.push(rr)
      else skipped.push(name)
    }
    reader.offset = end
  }
  return records
}

/**
 * The top bit of the class is not part of it, except in OPT, where the field is a size, RFC 6762 §10.2; the TTL of
 * OPT is no time either. A TTL with its top bit set counts as 0, RFC 2181 §8.
 */
function headOf(name: Name, code: number, topAndClass: number, ttl: number): RrHead {
  if (code === TYPE_OPT) return { name, class: topAndClass, flush: false, ttl }
  return {
    name,
    class: topAndClass & ~TOP_BIT,
    flush: (topAndClass & TOP_BIT) !== 0,
    ttl: ttl > 0x7fffffff ? 0 : ttl,
  }
}
