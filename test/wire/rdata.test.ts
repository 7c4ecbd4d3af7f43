import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { rdataBytes, rdataKey } from '../../src/wire/rdata.ts'
import type { OpaqueType, Rr } from '../../src/wire/types.ts'
import { rr } from './arbitrary-message.ts'
import { bytesOf, hexOf } from './hex.ts'

const head = { name: nameFromText('h.local'), class: 1, flush: true, ttl: 120 }
const ptr = (target: string): Rr => ({ ...head, type: 'PTR', target: nameFromText(target) })

describe('R46 cmprdata, R48 cmpdec: names that arrive compressed are expanded in types kept as bytes', () => {
  const H = '01 68 05 6c6f63616c 00'
  test.each<[string, OpaqueType, string, string]>([
    ['SOA', 'TYPE6', `c00c 0161 c00e ${'11'.repeat(20)}`, `${H} 0161 05 6c6f63616c 00 ${'11'.repeat(20)}`],
    ['MX', 'TYPE15', '000a c00c', `000a ${H}`],
    ['RP', 'TYPE17', 'c00c c00c', `${H} ${H}`],
    ['AFSDB', 'TYPE18', '0001 c00c', `0001 ${H}`],
    ['RT', 'TYPE21', '0001 c00c', `0001 ${H}`],
    ['PX', 'TYPE26', '0001 c00c c00c', `0001 ${H} ${H}`],
    ['KX', 'TYPE36', '0001 c00c', `0001 ${H}`],
    ['NAPTR, where a pointer is none', 'TYPE35', '0001 c00c', '0001 c00c'],
  ])('%s', (_what, type, compressed, expanded) => {
    const rdata = bytesOf(compressed)
    const code = Number(type.slice(4)).toString(16).padStart(4, '0')
    const length = rdata.length.toString(16).padStart(4, '0')
    const bytes = bytesOf(`0000 8400 0000 0001 0000 0000 ${H} ${code} 8001 00000078 ${length} ${compressed}`)
    expect(decode(bytes).answers).toEqual([{ ...head, type, data: bytesOf(expanded) }])
  })
})

describe('rdataKey', () => {
  test('R39 case: names in rdata are compared without case, R41 nofold: ASCII only', () => {
    expect(rdataKey(ptr('A._HTTP.local'))).toBe(rdataKey(ptr('a._http.LOCAL')))
    expect(rdataKey(ptr('É.local'))).not.toBe(rdataKey(ptr('é.local')))
  })

  test('names inside bytes are folded, the bytes around them are not', () => {
    const mx = (digits: string): Rr => ({ ...head, type: 'TYPE15', data: bytesOf(digits) })
    expect(rdataKey(mx('0041 0141 00'))).toBe(rdataKey(mx('0041 0161 00')))
    expect(rdataKey(mx('0041 0141 00'))).not.toBe(rdataKey(mx('0061 0141 00')))
  })

  test('different bytes have different keys, equal ones the same', () => {
    const txt = (data: Uint8Array): Rr => ({ ...head, type: 'TXT', data })
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(rdataKey(txt(a)) === rdataKey(txt(b))).toBe(hexOf(a) === hexOf(b))
        expect(rdataKey(txt(a))).toBe(rdataKey(txt(a.slice())))
      }),
    )
  })

  test('of two records of one type, the key differs when the bytes do, case apart', () => {
    const lower = (each: Rr) => hexOf(rdataBytes(each).map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)))
    fc.assert(
      fc.property(rr, rr, (a, b) => {
        fc.pre(a.type === b.type)
        if (lower(a) !== lower(b)) expect(rdataKey(a)).not.toBe(rdataKey(b))
      }),
      { numRuns: 500 },
    )
  })
})

describe('rdataBytes', () => {
  test('R220 tieunc: names are whole and keep their case, whatever the message did with them', () => {
    expect(rdataBytes(ptr('H.local'))).toEqual(bytesOf('0148 05 6c6f63616c 00'))
    const [decoded] = decode(encode({ answers: [ptr('x.h.local')] })).answers
    expect(decoded && rdataBytes(decoded)).toEqual(bytesOf('0178 0168 05 6c6f63616c 00'))
  })

  test('addresses, SRV and NSEC have the bytes of the wire', () => {
    const target = nameFromText('h')
    expect(hexOf(rdataBytes({ ...head, type: 'A', address: '198.18.0.1' }))).toBe('c6120001')
    expect(hexOf(rdataBytes({ ...head, type: 'SRV', priority: 1, weight: 2, port: 443, target }))).toBe(
      '0001000201bb016800',
    )
    expect(hexOf(rdataBytes({ ...head, type: 'NSEC', next: target, types: ['A'] }))).toBe('016800000140')
  })
})
