import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Name, nameFromLabels, ROOT } from '../../src/wire/name.ts'
import { pooledName } from '../../src/wire/name-pool.ts'
import { bytesOf } from './hex.ts'

const LOCAL = nameFromLabels(['local'])

/** The name of a label that stands behind another byte, as it would in a message. */
function pooled(label: Uint8Array, rest: Name = LOCAL): Name {
  return pooledName(Uint8Array.of(0xff, label.length, ...label), 1, rest)
}

describe('the name of a label and the rest', () => {
  test('is that of its labels, however often it is read and whatever was read between', () => {
    const few = fc.uint8Array({ minLength: 1, maxLength: 2, max: 0x61, min: 0x5b })
    const label = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 63 }), few)
    fc.assert(
      fc.property(fc.array(fc.tuple(label, fc.constantFrom(ROOT, LOCAL)), { maxLength: 20 }), (reads) => {
        for (const [bytes, rest] of [...reads, ...reads]) {
          expect(pooled(bytes, rest)).toBe(nameFromLabels(rest === ROOT ? [bytes] : [bytes, 'local']))
        }
      }),
    )
  })

  test.each([
    ['a dot in a label and a label written like it', '612e62', '615c2e62'],
    ['a letter in UTF-8 and its bare code', 'c3a9', 'e9'],
    ['a label and a longer one', '61', '6161'],
    ['one that escapes to as many characters as it has bytes', 'c3a92e', 'e95c2e'],
    ['two cases', '61', '41'],
  ])('differs for %s', (_what, a, b) => {
    const both = [bytesOf(a), bytesOf(b), bytesOf(a), bytesOf(b)].map((bytes) => pooled(bytes))
    expect(new Set(both).size).toBe(2)
    expect(both.slice(2)).toEqual(both.slice(0, 2))
  })

  test('is right for many more names than the pool has room for', () => {
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 20_000; index++) {
        const text = `host-${index}`
        const name = pooled(new TextEncoder().encode(text))
        if (name !== `${text}.local`) expect(name).toBe(`${text}.local`)
      }
    }
  })
})
