import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBytes, addressText } from '../../src/wire/address.ts'
import { WireError } from '../../src/wire/errors.ts'
import { hexOf } from './hex.ts'

const canonical = (text: string) => addressText(addressBytes(text, 6), 0, 16)

describe('RFC 5952 §4', () => {
  test.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['FE80:0:0:0:0:0:0:0', 'fe80::'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['2001:0DB8::00ab', '2001:db8::ab'],
    ['::ffff:198.18.0.1', '::ffff:c612:1'],
  ])('%s is written %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
    expect(canonical(expected)).toBe(expected)
  })
})

test.each([
  ['', 4],
  ['1.2.3', 4],
  ['1.2.3.4.5', 4],
  ['1.2.3.256', 4],
  ['1.2.3.2555', 4],
  ['01.2.3.4', 4],
  ['1.2..4', 4],
  ['1.2.3.4 ', 4],
  ['::1', 4],
  ['', 6],
  [':', 6],
  [':::', 6],
  ['1::2::3', 6],
  ['1:2:3:4:5:6:7', 6],
  ['1:2:3:4:5:6:7:8:9', 6],
  ['1:2:3:4::5:6:7:8', 6],
  ['12345::', 6],
  ['g::', 6],
  ['1:', 6],
  [':1', 6],
  ['1:2:3:4:5:6:7:', 6],
  ['fe80::1%eth1', 6],
  ['1.2.3.4', 6],
  ['1.2.3.4::', 6],
  ['::1.2.3', 6],
] as const)('%j is no IPv%i address', (text, family) => {
  expect(() => addressBytes(text, family)).toThrow(WireError)
})

test('text and bytes go back and forth, and the platform agrees', () => {
  const byte = fc.oneof(fc.constant(0), fc.nat(255))
  fc.assert(
    fc.property(
      fc.constantFrom(4 as const, 6 as const),
      fc.array(byte, { minLength: 16, maxLength: 16 }),
      (family, all) => {
        const size = family === 4 ? 4 : 16
        const bytes = Uint8Array.from(all.slice(0, size))
        const text = addressText(bytes, 0, size)
        expect(hexOf(addressBytes(text, family))).toBe(hexOf(bytes))
        expect(isIP(text)).toBe(family)
      },
    ),
  )
})

test('what the platform takes for an address, and nothing else, is one', () => {
  const character = fc.constantFrom(...'0123456789abcdefF:::....')
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 20 }), (text) => {
      for (const family of [4, 6] as const) {
        const valid = isIP(text) === family
        if (valid) addressBytes(text, family)
        else expect(() => addressBytes(text, family)).toThrow(WireError)
      }
    }),
    { numRuns: 3000 },
  )
})
