import { describe, expect, test } from 'vitest'
import { MAX_POINTER_HOPS } from '../../src/wire/limits.ts'
import { Reader } from '../../src/wire/reader.ts'
import { bytesOf } from './hex.ts'

const HEADER = '00'.repeat(12)

/** The name at `offset` of the bytes that follow a header, and the offset behind it. */
function nameAt(digits: string, offset = 12) {
  const reader = new Reader(bytesOf(HEADER + digits), offset)
  return { name: reader.name(), end: reader.offset }
}

describe('numbers', () => {
  test('big-endian, without sign, and zeros past the end', () => {
    const reader = new Reader(bytesOf('ff 8001 ffffffff 7f'))
    expect([reader.u8(), reader.u16(), reader.u32(), reader.u16(), reader.offset]).toEqual([
      255, 0x8001, 0xffffffff, 0x7f00, 9,
    ])
  })

  test('a slice is a copy and stops at the end of the bytes', () => {
    const bytes = bytesOf('010203')
    const slice = new Reader(bytes, 1).slice(9)
    bytes.fill(0)
    expect(slice).toEqual(bytesOf('0203'))
  })
})

describe('names', () => {
  test('R48 cmpdec: labels, then a pointer to the rest, also to a pointer', () => {
    const digits = '05 6c6f63616c 00  01 61 c00c  01 62 c013  c016'
    expect(nameAt(digits)).toEqual({ name: 'local', end: 19 })
    expect(nameAt(digits, 19)).toEqual({ name: 'a.local', end: 23 })
    expect(nameAt(digits, 23)).toEqual({ name: 'b.a.local', end: 27 })
    expect(nameAt('01 61 00 c00c c00f', 17)).toEqual({ name: 'a', end: 19 })
  })

  test.each([
    ['itself', 'c00c', 12],
    ['a later pointer back to it', 'c00e c00c', 14],
    ['a label before it', '0161 c00c', 12],
    ['later bytes', 'c00e 0161 00', 12],
    ['the header', 'c000', 12],
    ['past the end', 'ffff', 12],
  ])('R44 ptrback: a pointer to %s is refused, and what follows can still be read', (_what, digits, offset) => {
    const { name, end } = nameAt(`${digits}`, offset)
    expect(name).toBeUndefined()
    expect(end).toBe(12 + (digits === '0161 c00c' ? 4 : offset - 12 + 2))
  })

  test.each([
    ['a label type that does not exist', '40 61 00'],
    ['the other one', '80 61 00'],
    ['a label past the end', '3f 61'],
    ['no root', '01 61'],
    ['half a pointer', 'c0'],
  ])('%s ends the message', (_what, digits) => {
    const { name, end } = nameAt(digits)
    expect(name).toBeUndefined()
    expect(end).toBeGreaterThan(12 + bytesOf(digits).length)
  })

  test(`R44 ptrback: ${MAX_POINTER_HOPS} pointers are followed, one more is not`, () => {
    let digits = '01 61 00'
    for (let hop = 0; hop <= MAX_POINTER_HOPS; hop++) {
      const target = hop === 0 ? 12 : 15 + 2 * (hop - 1)
      digits += (0xc000 | target).toString(16)
    }
    expect(nameAt(digits, 15 + 2 * (MAX_POINTER_HOPS - 1)).name).toBe('a')
    expect(nameAt(digits, 15 + 2 * MAX_POINTER_HOPS).name).toBeUndefined()
  })

  test('work is bounded by the bytes, wherever names start and in whatever order', () => {
    const chains = [bytesOf(HEADER + '01 61'.repeat(400)), new Uint8Array(1000).map((_, at) => (at * 7919) % 256)]
    const pointers = bytesOf(HEADER + '01 61 00'.padEnd(1000, 'c00c'))
    for (const bytes of [...chains, pointers]) {
      const reader = new Reader(bytes)
      for (let at = bytes.length; at >= 12; at--) {
        reader.offset = at
        reader.name()
      }
      expect(reader.steps).toBeLessThanOrEqual(bytes.length)
    }
  })

  test('a name is the same whatever was read before it', () => {
    const bytes = bytesOf(`${HEADER} 01 61 01 62 c00e 01 63 c010 00 0161 c012`)
    const alone = bytes.map((_, at) => at).slice(12)
    const shared = new Reader(bytes)
    for (const at of alone.toReversed()) {
      shared.offset = at
      expect(shared.name()).toBe(new Reader(bytes, at).name())
    }
  })
})
