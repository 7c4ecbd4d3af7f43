import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { Encoder } from '../../src/wire/encoder.ts'
import { WireError } from '../../src/wire/errors.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Question, Rr, RrType, Section } from '../../src/wire/types.ts'
import { message, rr } from './arbitrary-message.ts'
import { bytesOf, hexOf } from './hex.ts'

const head = (owner: string) => ({ name: nameFromText(owner), class: 1, flush: true, ttl: 120 })
const a = (owner: string): Rr => ({ ...head(owner), type: 'A', address: '198.18.0.1' })
const ptr = (owner: string, target: string): Rr => ({ ...head(owner), type: 'PTR', target: nameFromText(target) })
const srv = (owner: string, target: string): Rr => {
  return { ...head(owner), type: 'SRV', priority: 1, weight: 2, port: 3, target: nameFromText(target) }
}
const nsec = (owner: string, types: readonly RrType[]): Rr => {
  return { ...head(owner), type: 'NSEC', next: nameFromText(owner), types }
}
const question: Question = { name: nameFromText('h.local'), type: 'ANY', class: 1, unicast: true }

/** The rdata of the last record, which has to be as long as this. */
const tail = (bytes: Uint8Array, length: number) => hexOf(bytes.slice(-length))

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof WireError) return error.code
    throw error
  }
  return undefined
}

describe('the bytes', () => {
  test('a header, a question, and a record that points to it', () => {
    const bytes = encode({ id: 0x1234, truncated: true, questions: [question], authorities: [a('h.local')] })
    const header = '1234 0200 0001 0000 0001 0000'
    expect(bytes).toEqual(bytesOf(`${header} 01 68 05 6c6f63616c 00 00ff 8001  c00c 0001 8001 00000078 0004 c6120001`))
  })

  test('a response is authoritative unless it says otherwise', () => {
    const flags = (options: { response: boolean; authoritative?: boolean }) =>
      hexOf(new Encoder({ ...options, limit: 100 }).finish().slice(2, 4))
    expect(flags({ response: true })).toBe('8400')
    expect(flags({ response: true, authoritative: false })).toBe('8000')
    expect(flags({ response: false })).toBe('0000')
  })

  test('R45 cmpown, R46 cmprdata: owners and the names in PTR, SRV and NSEC are compressed', () => {
    const bytes = encode({
      answers: [ptr('_x._tcp.local', 'i._x._tcp.local'), srv('i._x._tcp.local', 'h.local'), nsec('h.local', ['A'])],
    })
    expect(Buffer.from(bytes).toString('latin1').split('_tcp')).toHaveLength(2)
    expect(Buffer.from(bytes).toString('latin1').split('local')).toHaveLength(2)
  })

  test('R185 legsrv, R171 nsecleg: in a legacy reply SRV and NSEC hold whole names that nothing points to', () => {
    const answers = [srv('i.local', 'h.local'), nsec('h.local', ['A']), a('h.local')]
    const bytes = encode({ answers }, { legacy: true })
    expect(hexOf(bytes).split(hexOf(bytesOf('01 68 05 6c6f63616c 00')))).toHaveLength(3)
    expect(decode(bytes).answers).toEqual(answers)
    expect(hexOf(bytes)).toContain('01 68 c00e'.replaceAll(' ', ''))
  })

  test('R40 casepres: names that differ in case share no bytes', () => {
    const answers = [a('Printer.Local'), a('printer.local'), a('Printer.local')]
    expect(decode(encode({ answers })).answers.map((each) => each.name)).toEqual(answers.map((each) => each.name))
  })

  test('R47 cmpno: bytes of other types appear as they are', () => {
    const data = bytesOf('0001 05 6c6f63616c 00')
    const bytes = encode({ answers: [a('h.local'), { ...head('h.local'), type: 'TYPE64', data }] })
    expect(tail(bytes, data.length)).toBe(hexOf(data))
  })

  test('OPT keeps all sixteen bits of its class', () => {
    const opt: Rr = { ...head('.'), type: 'TYPE41', class: 0x1000, data: new Uint8Array(0) }
    expect(tail(encode({ additionals: [opt] }), 11)).toBe('0000291000000000780000')
  })

  test('a name is not pointed to where a pointer cannot reach', () => {
    const encoder = new Encoder({ response: true, limit: 60_000 })
    const filler: Rr = { ...head('.'), type: 'TYPE99', data: new Uint8Array(20_000) }
    const answers = [filler, a('far.local'), a('far.local')]
    for (const each of answers) expect(encoder.record('answers', each)).toBe(true)
    expect(decode(encoder.finish()).answers).toEqual(answers)
  })
})

describe('NSEC', () => {
  test('R159 nsecform, R160 nsecbits: one window, exactly these types, no zero byte at its end', () => {
    expect(tail(encode({ answers: [nsec('h', ['AAAA', 'A'])] }), 8)).toBe('c00c000440000008')
    expect(tail(encode({ answers: [nsec('h', ['SRV', 'TXT'])] }), 9)).toBe('c00c00050000800040')
    expect(tail(encode({ answers: [nsec('h', ['A'])] }), 5)).toBe('c00c000140')
  })

  test('R170 nsecrx2: types above 255 have windows of their own, and are read from them', () => {
    const record = nsec('h', ['A', 'TYPE257', 'TYPE65280'])
    const bytes = encode({ answers: [record] })
    expect(tail(bytes, 11)).toBe('c00c000140010140ff0180')
    expect(decode(bytes).answers).toEqual([record])
  })
})

describe('the limit', () => {
  test('what does not fit leaves no trace', () => {
    const encoder = new Encoder({ response: true, limit: 60 })
    expect([encoder.empty, encoder.size]).toEqual([true, 12])
    expect(encoder.record('answers', a('h.local'))).toBe(true)
    const size = encoder.size
    expect(encoder.record('answers', ptr('very.long.name.for.this.message', 'h.local'))).toBe(false)
    expect(encoder.size).toBe(size)
    expect(encoder.record('answers', ptr('name.local', 'message'))).toBe(false)
    expect(encoder.record('additionals', a('local'))).toBe(true)
    expect(decode(encoder.finish())).toMatchObject({ answers: [a('h.local')], additionals: [a('local')] })
  })

  test('a value that cannot be written leaves no trace either', () => {
    const encoder = new Encoder({ response: true, limit: 100 })
    const bad: Rr = { ...head('h.local'), type: 'A', address: '198.18.0.256' }
    expect(codeOf(() => encoder.record('answers', bad))).toBe('address')
    expect(encoder.empty).toBe(true)
    expect(encoder.record('answers', a('h.local'))).toBe(true)
    expect(decode(encoder.finish()).answers).toEqual([a('h.local')])
  })

  test('an item fits exactly when the message with it is no longer than the limit', () => {
    const sections = fc.array(rr, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(sections, fc.integer({ min: 12, max: 700 }), (records, limit) => {
        const encoder = new Encoder({ response: true, limit })
        const kept: Rr[] = []
        for (const each of records) {
          const longer = encode({ response: true, answers: [...kept, each] })
          expect(encoder.record('answers', each)).toBe(longer.length <= limit)
          if (longer.length <= limit) kept.push(each)
        }
        const size = encoder.size
        const bytes = encoder.finish()
        expect(bytes).toHaveLength(size)
        expect(bytes).toEqual(encode({ response: true, answers: kept }))
      }),
    )
  })

  test('encode refuses what has more than 9,000 bytes', () => {
    const txt = (length: number): Rr => ({ ...head('.'), type: 'TYPE99', data: new Uint8Array(length) })
    expect(encode({ answers: [txt(9000 - 23)] })).toHaveLength(9000)
    expect(codeOf(() => encode({ answers: [txt(9000 - 22)] }))).toBe('message-too-large')
  })
})

describe('misuse', () => {
  test('sections come in their order, and nothing after the end', () => {
    const encoder = new Encoder({ response: true, limit: 1000 })
    encoder.record('authorities', a('h'))
    const late: readonly Section[] = ['answers']
    for (const section of late) expect(codeOf(() => encoder.record(section, a('h')))).toBe('section-order')
    expect(codeOf(() => encoder.question(question))).toBe('section-order')
    const bytes = encoder.finish()
    const copy = bytes.slice()
    expect(codeOf(() => encoder.record('additionals', a('h')))).toBe('section-order')
    expect(codeOf(() => encoder.finish(true))).toBe('section-order')
    expect(bytes).toEqual(copy)
  })

  test('two that are open at once do not disturb each other, nor does a later one a finished one', () => {
    const first = new Encoder({ response: true, limit: 1000 })
    const second = new Encoder({ response: true, limit: 1000 })
    first.record('answers', a('first.local'))
    second.record('answers', a('second.local'))
    const bytes = first.finish()
    encode({ answers: [a('third.local')] })
    expect(decode(bytes).answers).toEqual([a('first.local')])
    expect(decode(second.finish()).answers).toEqual([a('second.local')])
  })

  test('a type must be one', () => {
    const typed = (type: RrType) => codeOf(() => encode({ answers: [{ ...head('h'), type, data: bytesOf('') } as Rr] }))
    expect([typed('TYPE65535'), typed('TYPE65536'), typed('TYPE-1'), typed('BOGUS' as RrType)]).toEqual([
      undefined,
      'type',
      'type',
      'type',
    ])
  })
})

test('what is decoded is encoded to the same bytes again', () => {
  fc.assert(
    fc.property(message, (original) => {
      const bytes = encode(original)
      expect(encode(decode(bytes))).toEqual(bytes)
    }),
  )
})

describe('messages that are written at the same time', () => {
  const question = (label: string) =>
    ({ name: nameFromText(`${label}.local`), type: 'A', class: 1, unicast: false }) as const

  test('do not touch each other, and each compresses its own names', () => {
    const alone = [1, 2].map((n) => {
      const encoder = new Encoder({ response: false, limit: 500 })
      for (let i = 0; i < 3; i++) encoder.question(question(`name-${n}-${i % 2}`))
      return encoder.finish()
    })
    const [one, two] = [1, 2].map(() => new Encoder({ response: false, limit: 500 }))
    for (let i = 0; i < 3; i++) {
      one?.question(question(`name-1-${i % 2}`))
      two?.question(question(`name-2-${i % 2}`))
    }
    expect([one?.finish(), two?.finish()]).toEqual(alone)
  })

  test('one that is given up takes nothing from those that follow, and finished ones stay as they are', () => {
    const finished: Uint8Array[] = []
    const copies: Uint8Array[] = []
    for (let n = 0; n < 300; n++) {
      const encoder = new Encoder({ response: false, limit: 9_000 })
      for (let i = 0; i < 20; i++) encoder.question(question(`label-${n}-${i}`))
      if (n % 3 === 0) continue
      const bytes = encoder.finish()
      finished.push(bytes)
      copies.push(Uint8Array.from(bytes))
    }
    expect(finished).toEqual(copies)
    expect(new Set(finished.map((bytes) => decode(bytes).questions[0]?.name)).size).toBe(finished.length)
  })
})

test('what was written before changes nothing, however much it was', () => {
  const names = (n: number) => ['a', 'b', 'a'].map((label) => ({ name: nameFromText(`${label}.n${n}.local`) }))
  const questions = (n: number) => names(n).map(({ name }) => ({ name, type: 'A', class: 1, unicast: false }) as const)
  const expected = encode({ questions: questions(0) })
  const encoder = new Encoder({ response: false, limit: 500 })
  const [first, ...rest] = questions(0)
  if (first) encoder.question(first)
  for (let n = 1; n < 6_000; n++) encode({ questions: questions(n) })
  for (const question of rest) encoder.question(question)
  expect(encoder.finish()).toEqual(expected)
})
