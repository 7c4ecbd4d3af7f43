import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeText, toJsonLine } from '../../src/cli/escape.ts'

const HOSTILE = [
  '\u001b[2J\u001b]0;owned\u0007',
  'a\rb\nc\td\u0000',
  '\u007f\u0080\u009b31m\u009f',
  '\u202aleft\u202e\u2066\u2069\u200e\u200f',
  'zero\u200bwidth\u200c\u200d\u2060\ufeff',
  'line\u2028para\u2029',
  '\u{e0041}tag',
  '\u001b'.repeat(63),
]
/** What a terminal, or a reader's eye, could be led astray by. */
const DANGEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

test.each(HOSTILE)('hostile text %j is harmless as text and as JSON', (hostile) => {
  expect(escapeText(hostile)).not.toMatch(DANGEROUS)
  expect(toJsonLine({ [hostile]: hostile })).not.toMatch(DANGEROUS)
  expect(JSON.parse(toJsonLine({ [hostile]: hostile }))).toEqual({ [hostile]: hostile })
})

test('any text survives as JSON, in one line without a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = toJsonLine([text])
      expect(line).not.toMatch(DANGEROUS)
      expect(JSON.parse(line)).toEqual([text])
    }),
  )
})

test('different texts never look the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      expect(escapeText(one) === escapeText(other)).toBe(one === other)
    }),
  )
  expect(escapeText('\\u001b')).not.toBe(escapeText('\u001b'))
})

test('what people write stays as it is', () => {
  for (const text of ['Größe № 5', 'Printer v1.2 (lab)', '打印机', 'Ελληνικά', '🖨']) expect(escapeText(text)).toBe(text)
})

test('escapes are written as \\uXXXX, one for each UTF-16 unit', () => {
  expect(escapeText('a\u001bb')).toBe('a\\u001bb')
  expect(toJsonLine('\u{e0041}\u0085')).toBe('"\\udb40\\udc41\\u0085"')
})
