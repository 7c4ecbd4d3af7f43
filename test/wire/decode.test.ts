import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, decodeFrom } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { WireError } from '../../src/wire/errors.ts'
import { MAX_ITEMS } from '../../src/wire/limits.ts'
import { Reader } from '../../src/wire/reader.ts'
import type { Message } from '../../src/wire/types.ts'
import { loadPackets } from '../packets.ts'
import { message } from './arbitrary-message.ts'
import { bytesOf } from './hex.ts'

const HOST = '01 68 05 6c6f63616c 00'
const GOOD_A = `${HOST} 0001 8001 00000078 0004 01020304`
const response = (count: number, ...records: string[]) =>
  bytesOf(`0000 8400 0000 ${count.toString(16).padStart(4, '0')} 0000 0000 ${records.join('')}`)

/** Decodes, or says which WireError it was; anything else fails the test. */
function attempt(bytes: Uint8Array): Message | string {
  const reader = new Reader(bytes)
  try {
    return decodeFrom(reader)
  } catch (error) {
    if (error instanceof WireError) return error.code
    throw error
  } finally {
    expect(reader.steps).toBeLessThanOrEqual(bytes.length)
  }
}

describe('header', () => {
  test('every field that a host looks at is read', () => {
    expect(decode(bytesOf('1234 fe05 0000 0000 0000 0000'))).toEqual({
      id: 0x1234,
      response: true,
      opcode: 15,
      authoritative: true,
      truncated: true,
      rcode: 5,
      questions: [],
      answers: [],
      authorities: [],
      additionals: [],
      skipped: [],
    })
  })

  test('fewer than twelve bytes are no message', () => {
    for (let length = 0; length < 12; length++) expect(attempt(new Uint8Array(length))).toBe('header')
  })

  test('counts that the rest of the message cannot hold are refused', () => {
    expect(attempt(bytesOf('0000 8400 0000 ffff 0000 0000'))).toBe('counts')
    expect(attempt(bytesOf('0000 0000 0001 0000 0000 0000 00 0001'))).toBe('counts')
  })

  test(`no more than ${MAX_ITEMS} questions or records are read`, () => {
    const many = new Uint8Array(12 + 11 * (MAX_ITEMS + 1))
    many.set(bytesOf('0000 8400 0000 0401 0000 0000'))
    expect(decode(many).answers).toHaveLength(MAX_ITEMS)
    many.set(bytesOf('0000 0000 0401 0000 0000 0000'))
    expect(attempt(many)).toBe('counts')
  })
})

describe('questions', () => {
  test('R51 qclass: the top bit asks for unicast and is no part of the class', () => {
    const [question] = decode(bytesOf(`0000 0000 0001 0000 0000 0000 ${HOST} 00ff 80ff`)).questions
    expect(question).toEqual({ name: 'h.local', type: 'ANY', class: 255, unicast: true })
  })

  test('a question that cannot be read makes the message useless', () => {
    expect(attempt(bytesOf('0000 0000 0001 0000 0000 0000 3f61 0001 0001'))).toBe('question')
    expect(attempt(bytesOf('0000 0000 0001 0000 0000 0000 0161 0001 00'))).toBe('question')
  })
})

describe('records', () => {
  test('R49 mask: the top class bit is the flush bit', () => {
    const { answers } = decode(response(2, GOOD_A, `${HOST} 0001 0001 00000078 0004 01020304`))
    expect(answers.map((rr) => [rr.class, rr.flush])).toEqual([
      [1, true],
      [1, false],
    ])
  })

  test('R50 optbit: the class of OPT is a size of sixteen bits', () => {
    const [opt] = decode(response(1, '00 0029 9000 ff000000 0000')).answers
    expect(opt).toMatchObject({ type: 'TYPE41', class: 0x9000, flush: false, ttl: 0xff000000 })
  })

  test('R52 unktype: an unknown type is kept as bytes, and its neighbours are read', () => {
    const { answers } = decode(response(3, GOOD_A, `${HOST} ff00 0001 00000078 0003 c00cff`, GOOD_A))
    expect(answers.map((rr) => rr.type)).toEqual(['A', 'TYPE65280', 'A'])
    expect(answers[1]).toMatchObject({ data: bytesOf('c00cff') })
  })

  test('R53 ttlu: a TTL with its top bit set counts as 0', () => {
    const ttl = (digits: string) => decode(response(1, `${HOST} 0001 8001 ${digits} 0004 01020304`)).answers[0]?.ttl
    expect([ttl('7fffffff'), ttl('80000000'), ttl('80000001'), ttl('ffffffff')]).toEqual([0x7fffffff, 0, 0, 0])
  })

  test.each([
    ['A without rdata', '0001 8001 00000078 0000'],
    ['A of three bytes', '0001 8001 00000078 0003 010203'],
    ['AAAA of four bytes', '001c 8001 00000078 0004 01020304'],
    ['SRV whose target leaves the rdata', '0021 8001 00000078 0008 0000 0000 0050 0561'],
    ['SRV with a byte too many', '0021 8001 00000078 0008 0000 0000 0050 00 00'],
    ['TXT whose string leaves the rdata', '0010 8001 00000078 0003 ff6161'],
    ['PTR that points to itself', '000c 8001 00000078 0002 c01f'],
    ['NSEC with an empty window', '002f 8001 00000078 0004 c00c 0000'],
    ['NSEC with a window past its end', '002f 8001 00000078 0005 c00c 00ff 40'],
    ['SOA cut short', '0006 8001 00000078 0004 c00c c00c'],
  ])('R54 rdmis: %s is skipped, its name is told, and the next record is read', (_what, record) => {
    const { answers, skipped } = decode(response(2, `${HOST} ${record}`, GOOD_A))
    expect(skipped).toEqual(['h.local'])
    expect(answers).toEqual([{ type: 'A', name: 'h.local', class: 1, flush: true, ttl: 120, address: '1.2.3.4' }])
  })

  test('R170 nsecrx2: an NSEC with too many types is skipped alone', () => {
    const bitmap = `00 20 ${'ff'.repeat(32)}`
    const { answers, skipped } = decode(response(2, `${HOST} 002f 8001 00000078 0024 c00c ${bitmap}`, GOOD_A))
    expect([answers.length, skipped.length]).toEqual([1, 1])
  })

  test('R35 name255: a name of 257 bytes costs its record alone', () => {
    const long = `${`3f${'61'.repeat(63)}`.repeat(3)} 3f${'61'.repeat(63)} 00`
    const { answers, skipped } = decode(response(2, `${long} 0001 8001 00000078 0004 01020304`, GOOD_A))
    expect(answers).toHaveLength(1)
    expect(skipped).toEqual([])
    const most = `${`3f${'61'.repeat(63)}`.repeat(3)} 3e${'61'.repeat(62)} 00`
    expect(decode(response(1, `${most} 0001 8001 00000078 0004 01020304`)).answers[0]?.name).toHaveLength(254)
  })

  test('R38 bin8: a label of arbitrary bytes poisons nothing', () => {
    const { answers } = decode(response(2, '03 fffe00 00 0001 8001 00000078 0004 01020304', GOOD_A))
    expect(answers.map((rr) => rr.name)).toEqual(['\\255\\254\\000', 'h.local'])
  })

  test('where a length is out of bounds, what came before is kept', () => {
    const { answers } = decode(response(2, GOOD_A, `${HOST} 0001 8001 00000078 ffff 01020304`))
    expect(answers).toHaveLength(1)
  })

  test('what is handed out does not share memory with the datagram', () => {
    const datagram = Buffer.from(response(1, `${HOST} 0010 8001 00000078 0003 02 6869`))
    const [txt] = decode(datagram).answers
    datagram.fill(0)
    expect(txt).toMatchObject({ data: bytesOf('026869') })
  })
})

describe('whatever arrives', () => {
  test('a message is decoded to what was encoded', () => {
    fc.assert(
      fc.property(message, (original) => {
        expect(decode(encode(original))).toEqual(original)
        expect(decode(Buffer.from(encode(original)))).toEqual(original)
        expect(decode(encode(original, { legacy: true }))).toEqual(original)
      }),
      { numRuns: 500 },
    )
  })

  test('random bytes give a message or a WireError, in as many steps as bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(3), (bytes, count) => {
        attempt(bytes)
        attempt(Uint8Array.from([0, 0, 0x84, 0, 0, 0, 0, count, 0, 0, 0, 0, ...bytes]))
      }),
      { numRuns: 2000 },
    )
  })

  test('so do messages with a few bytes changed, and every beginning of one', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 12, 0x3f, 0x40, 0x80, 0xc0, 0xff))
    fc.assert(
      fc.property(message, fc.array(change, { minLength: 1, maxLength: 5 }), (original, changes) => {
        const bytes = encode(original)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        attempt(bytes)
        attempt(bytes.subarray(0, (changes[0]?.[0] ?? 0) % bytes.length))
      }),
      { numRuns: 1000 },
    )
  })

  test.each(['hostile', 'malformed', 'real'] as const)('every recorded %s packet, and its beginnings', (folder) => {
    for (const { bytes } of loadPackets(folder)) {
      attempt(bytes)
      for (let length = 0; length < Math.min(bytes.length, 600); length += 7) attempt(bytes.subarray(0, length))
    }
  })
})
