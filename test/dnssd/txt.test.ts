import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTxt, encodeTxt, sameTxt, txtGet, txtText } from '../../src/dnssd/txt.ts'
import type { TxtInput } from '../../src/dnssd/types.ts'
import { RegistryError } from '../../src/errors.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const rdata = (...strings: (string | Uint8Array)[]) =>
  Uint8Array.from(strings.map((s) => (typeof s === 'string' ? utf8(s) : s)).flatMap((s) => [s.length, ...s]))

function codeOf(input: TxtInput | Uint8Array): string {
  try {
    encodeTxt(input)
  } catch (error) {
    if (error instanceof RegistryError) return error.code
    throw error
  }
  return 'none'
}

describe('to rdata', () => {
  test('R291 txt0: nothing is one zero byte', () => {
    expect(encodeTxt({})).toEqual(Uint8Array.of(0))
    expect(encodeTxt({ gone: null, off: false, not: undefined })).toEqual(Uint8Array.of(0))
    expect(encodeTxt(new Uint8Array(0))).toEqual(Uint8Array.of(0))
  })

  test('R294 txt4: absent, without value, empty and with value are four things', () => {
    const data = encodeTxt({ absent: null, plain: true, empty: '', full: 'x' })
    expect(data).toEqual(rdata('plain', 'empty=', 'full=x'))
    const txt = decodeTxt(data)
    expect(txtGet(txt, 'absent')).toBeUndefined()
    expect(txtGet(txt, 'plain')).toBe(true)
    expect(txtGet(txt, 'empty')).toEqual(utf8(''))
    expect(txtGet(txt, 'full')).toEqual(utf8('x'))
  })

  test('R305 txtvers: the order of the keys is kept', () => {
    expect(encodeTxt({ txtvers: '1', b: '2', a: '3' })).toEqual(rdata('txtvers=1', 'b=2', 'a=3'))
  })

  test('R296 txtkeych: a key is printable ASCII without an equals sign', () => {
    for (const key of ['', 'a=b', 'é', 'a\tb', '\u007f']) expect(codeOf({ [key]: 'x' })).toBe('ERR_INVALID_TXT')
    expect(codeOf({ ' k !~': 'x' })).toBe('none')
  })

  test('R297 txtkey9: a long key is allowed', () => expect(codeOf({ abcdefghij: '1' })).toBe('none'))

  test('R299 txtdup: keys that differ in case alone are refused', () => {
    expect(codeOf({ a: '1', A: '2' })).toBe('ERR_INVALID_TXT')
  })

  test('R301 txtlen: a string has 255 bytes at most', () => {
    expect(codeOf({ k: 'x'.repeat(253) })).toBe('none')
    expect(codeOf({ k: 'x'.repeat(254) })).toBe('ERR_INVALID_TXT')
    expect(codeOf({ k: 'é'.repeat(127) })).toBe('ERR_INVALID_TXT')
  })

  test('R302 txtsize: more than 8,900 bytes are refused', () => {
    const strings = (count: number) => rdata(...Array.from({ length: count }, () => 'x'.repeat(99)))
    expect(codeOf(strings(89))).toBe('none')
    expect(codeOf(strings(90))).toBe('ERR_TXT_TOO_LARGE')
    expect(codeOf(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(240)])))).toBe(
      'ERR_TXT_TOO_LARGE',
    )
  })

  test('a value of another kind is refused', () => {
    expect(codeOf({ n: 5 } as unknown as TxtInput)).toBe('ERR_INVALID_TXT')
  })

  test('rdata that is ready is checked and copied', () => {
    const given = rdata('a=1')
    const data = encodeTxt(given)
    given.fill(0xff)
    expect(data).toEqual(rdata('a=1'))
    expect(codeOf(Uint8Array.of(5, 1))).toBe('ERR_INVALID_TXT')
  })
})

describe('from rdata', () => {
  test('R293 txtkv: split at the first equals sign, spaces kept', () => {
    const txt = decodeTxt(rdata('a=b=c', ' k =v'))
    expect(txtText(txt)).toEqual({ a: 'b=c', ' k ': 'v' })
  })

  test('R295 txtnokey: strings without a key are skipped', () => {
    expect(txtText(decodeTxt(rdata('=x', '', 'a=1', '=')))).toEqual({ a: '1' })
  })

  test('R298 txtcase: keys are found in any case', () => {
    const txt = decodeTxt(rdata('PaperSize=A4'))
    expect(txtGet(txt, 'papersize')).toEqual(utf8('A4'))
    expect([...txt.keys()]).toEqual(['PaperSize'])
  })

  test('R299 txtdup: the first of two counts', () => {
    expect(txtText(decodeTxt(rdata('A=1', 'a=2', 'a')))).toEqual({ A: '1' })
  })

  test('R300 txtbin: values are bytes', () => {
    const value = Uint8Array.of(0, 0xff, 0x80, 0x3d)
    expect(txtGet(decodeTxt(encodeTxt({ b: value })), 'b')).toEqual(value)
  })

  test('R296 txtkeych: keys against the rules do no harm', () => {
    expect(decodeTxt(rdata('é=1', Uint8Array.of(0xff, 0x3d, 1))).size).toBe(2)
  })

  test('R303 txtunk: unknown keys are there beside the others', () => {
    expect(txtText(decodeTxt(rdata('path=/', 'zz-unknown=1')))).toEqual({ path: '/', 'zz-unknown': '1' })
  })

  test('R292 txteq: none, empty and one zero byte are the same', () => {
    for (const data of [new Uint8Array(0), Uint8Array.of(0)]) {
      expect(decodeTxt(data).size).toBe(0)
      expect(sameTxt(undefined, data)).toBe(true)
    }
    expect(sameTxt(undefined, rdata('a'))).toBe(false)
    expect(sameTxt(rdata('a'), rdata('b'))).toBe(false)
  })

  test('keys that name parts of Object.prototype are only keys', () => {
    const record = txtText(decodeTxt(rdata('__proto__=x', 'constructor', 'toString=1')))
    expect(JSON.stringify(record)).toBe('{"__proto__":"x","constructor":true,"toString":"1"}')
    expect(({} as Record<string, unknown>).x).toBeUndefined()
    expect(txtGet(decodeTxt(rdata('a=1')), 'constructor')).toBeUndefined()
  })

  test('a string that is cut short ends the list', () => {
    expect(txtText(decodeTxt(Uint8Array.of(3, 0x61, 0x3d, 0x31, 9, 0x62)))).toEqual({ a: '1' })
  })

  test('whatever the bytes, decoding ends with a map', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (data) => decodeTxt(data) instanceof Map))
  })
})

test('R293 txtkv, R294 txt4, R300 txtbin: every map comes back as it was', () => {
  const key = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)), minLength: 1 })
  const entries = fc.uniqueArray(
    fc.tuple(
      key.map((k) => `k${k.replaceAll('=', '')}`),
      fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constant<true>(true)),
    ),
    { selector: ([k]) => k.toLowerCase(), maxLength: 20 },
  )
  fc.assert(
    fc.property(entries, (pairs) => {
      expect([...decodeTxt(encodeTxt(Object.fromEntries(pairs)))]).toEqual(pairs)
    }),
  )
})
