import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WireError, type WireErrorCode } from '../../src/wire/errors.ts'
import type { Name } from '../../src/wire/name.ts'
import {
  firstLabel,
  foldName,
  isWithin,
  joinName,
  labelsOf,
  nameFromLabels,
  nameFromText,
  parentOf,
  ROOT,
  sameName,
} from '../../src/wire/name.ts'

const label = fc.uint8Array({ minLength: 1, maxLength: 63 })
/** Labels that are likely to hold what escaping is about. */
const awkward = fc
  .array(fc.constantFrom(0, 9, 0x2e, 0x5c, 0x30, 0x41, 0x61, 0x7f, 0xc3, 0xa9, 0xe2, 0x84, 0xaa, 0xf0, 0xff), {
    minLength: 1,
    maxLength: 20,
  })
  .map((bytes) => Uint8Array.from(bytes))
const labels = fc
  .array(fc.oneof(label, awkward), { maxLength: 10 })
  .filter((all) => all.reduce((length, each) => length + 1 + each.length, 1) <= 256)

const plain = (all: readonly Uint8Array[]) => all.map((each) => [...each])
const asciiLower = (byte: number) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)

function codeOf(run: () => unknown): WireErrorCode | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof WireError) return error.code
    throw error
  }
  return undefined
}

describe('canonical text', () => {
  test('R42 dots: a label keeps its dots and backslashes, and stays one label', () => {
    const name = nameFromLabels(['A.B v1.0\\x', '_http', '_tcp', 'local'])
    expect(name).toBe('A\\.B v1\\.0\\\\x._http._tcp.local')
    expect(labelsOf(name)).toHaveLength(4)
    expect(firstLabel(name)).toBe('A.B v1.0\\x')
    expect(nameFromText(`${name}.`)).toBe(name)
  })

  test('R38 bin8: any bytes are a label, and different bytes are different names', () => {
    expect(nameFromLabels([Uint8Array.of(0xff, 0xfe, 0)])).toBe('\\255\\254\\000')
    expect(nameFromLabels([Uint8Array.of(0xff)])).not.toBe(nameFromLabels([Uint8Array.of(0xfe)]))
    expect(nameFromLabels([Uint8Array.of(0x61, 0xc3, 0x62)])).toBe('a\\195b')
  })

  test('R37 bom: UTF-8 stands as it is, and a byte order mark is part of the name', () => {
    expect(nameFromLabels(['\ufeffBüro 日本 🖨', 'local'])).toBe('\ufeffBüro 日本 🖨.local')
    expect(labelsOf(nameFromText('\ufeffa'))[0]).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))
  })

  test.each([
    ['an overlong slash', [0xc0, 0xaf], '\\192\\175'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\\237\\160\\128'],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\\244\\144\\128\\128'],
    ['an overlong euro sign', [0xf0, 0x82, 0x82, 0xac], '\\240\\130\\130\\172'],
    ['a character cut short', [0xe2, 0x82], '\\226\\130'],
  ])('%s is not UTF-8', (_what, bytes, text) => {
    expect(nameFromLabels([Uint8Array.from(bytes)])).toBe(text)
  })

  test('other escapes mean the same and come out canonical', () => {
    expect(nameFromText('\\195\\169\\a\\046.local.')).toBe('éa\\..local')
    expect(firstLabel(nameFromText('tab\\009 and \\255.local'))).toBe('tab\t and \\255')
  })

  test('labels to text and back loses nothing', () => {
    fc.assert(
      fc.property(labels, (all) => {
        const name = nameFromLabels(all)
        expect(plain(labelsOf(name))).toEqual(plain(all))
        expect(nameFromText(name)).toBe(name)
      }),
      { numRuns: 1000 },
    )
  })

  test('two names have the same text exactly when they have the same labels', () => {
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        const same = JSON.stringify(plain(a)) === JSON.stringify(plain(b))
        expect(nameFromLabels(a) === nameFromLabels(b)).toBe(same)
      }),
    )
  })
})

describe('limits', () => {
  test('R34 lab63: 63 bytes are a label, 64 are not; characters count as their bytes', () => {
    expect(nameFromLabels(['x'.repeat(63)])).toHaveLength(63)
    expect(codeOf(() => nameFromLabels(['x'.repeat(64)]))).toBe('label-too-long')
    expect(nameFromLabels(['日'.repeat(21)])).toHaveLength(21)
    expect(codeOf(() => joinName('日'.repeat(22), ROOT))).toBe('label-too-long')
  })

  test('R35 name255: 255 bytes and the root are a name, one more is not', () => {
    const most = nameFromLabels(['a'.repeat(63), 'b'.repeat(63), 'c'.repeat(63), 'd'.repeat(62)])
    expect(labelsOf(most).reduce((length, each) => length + 1 + each.length, 1)).toBe(256)
    expect(codeOf(() => nameFromText(`${most}d`))).toBe('name-too-long')
    expect(codeOf(() => joinName('e', most))).toBe('name-too-long')
    expect(joinName('a'.repeat(63), parentOf(most))).toBe(most)
  })

  test.each([
    ['', 'empty-label'],
    ['a..b', 'empty-label'],
    ['.local', 'empty-label'],
    ['a\\', 'escape'],
    ['\\999', 'escape'],
  ])('%j is refused', (text, code) => {
    expect(codeOf(() => nameFromText(text))).toBe(code)
  })
})

describe('structure', () => {
  test('the root is a dot, has no labels, and is its own parent', () => {
    expect(nameFromLabels([])).toBe(ROOT)
    expect(nameFromText('.')).toBe(ROOT)
    expect([...labelsOf(ROOT), firstLabel(ROOT)]).toEqual([''])
    expect(parentOf(ROOT)).toBe(ROOT)
    expect(parentOf(nameFromText('local'))).toBe(ROOT)
    expect(joinName('local', ROOT)).toBe('local')
  })

  test('joinName puts in front what parentOf takes away', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 15, unit: 'grapheme' }), labels, (first, rest) => {
        const parent = nameFromLabels(rest)
        fc.pre(new TextEncoder().encode(first).length + parent.length < 60)
        const name = joinName(first, parent)
        expect(parentOf(name)).toBe(parent)
        expect(firstLabel(name)).toBe(first)
        expect(isWithin(name, parent)).toBe(true)
        expect(isWithin(parent, name)).toBe(false)
      }),
    )
  })

  test('isWithin sees label boundaries, and an escaped dot is none', () => {
    const within = (name: string, ancestor: string) => isWithin(nameFromText(name), nameFromText(ancestor))
    expect(within('a.LOCAL', 'local')).toBe(true)
    expect(within('local', 'Local')).toBe(true)
    expect(within('anything', '.')).toBe(true)
    expect(within('notlocal', 'local')).toBe(false)
    expect(within('x\\.local', 'local')).toBe(false)
    expect(within('x\\\\.local', 'local')).toBe(true)
  })
})

describe('comparison', () => {
  const same = (a: string, b: string) => sameName(nameFromText(a), nameFromText(b))

  test('R39 case: A to Z are a to z', () => {
    expect(foldName(nameFromText('TEST sVC._HTTP._tcp.LOCAL'))).toBe('test svc._http._tcp.local')
    expect(same('_SERVICES._dns-sd._UDP.local', '_services._dns-sd._udp.LOCAL')).toBe(true)
    expect(same('@[`{', '`{@[')).toBe(false)
  })

  test('R39 case: also for many more names than are remembered, asked twice', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => nameFromLabels([`Host-${index}`, 'É', 'Local']))
    const wrong = [...names, ...names].filter((name) => foldName(name) !== name.replace('H', 'h').replace('L', 'l'))
    expect(wrong).toEqual([])
  })

  test('R41 nofold: nothing but ASCII is folded', () => {
    expect(same('É.local', 'é.local')).toBe(false)
    expect(same('\u212a8s.local', 'k8s.local')).toBe(false)
    expect(same('Ａ.local', 'ａ.local')).toBe(false)
    expect(same('É.LOCAL', 'É.local')).toBe(true)
  })

  test('two names are the same exactly when their bytes are, A to Z apart', () => {
    const fold = (all: readonly Uint8Array[]) => JSON.stringify(plain(all).map((each) => each.map(asciiLower)))
    const flip = (all: readonly Uint8Array[]) =>
      all.map((each) => each.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)))
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        const [first, second, third]: Name[] = [a, b, flip(a)].map(nameFromLabels) as Name[]
        if (first === undefined || second === undefined || third === undefined) return
        expect(sameName(first, second)).toBe(fold(a) === fold(b))
        expect(sameName(first, third)).toBe(true)
        expect(foldName(first)).toBe(foldName(third))
      }),
    )
  })
})
