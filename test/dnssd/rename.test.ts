import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instanceAfter } from '../../src/dnssd/rename.ts'

const bytes = (text: string) => Buffer.byteLength(text)

test('R257 renscheme: a number is appended, then counted up', () => {
  expect(instanceAfter('Test Svc', 1)).toBe('Test Svc (2)')
  expect(instanceAfter('Test Svc (2)', 1)).toBe('Test Svc (3)')
  expect(instanceAfter('Test Svc (9)', 1)).toBe('Test Svc (10)')
  expect(instanceAfter('Test (a)', 1)).toBe('Test (a) (2)')
  expect(instanceAfter('Test(2)', 1)).toBe('Test(2) (2)')
  expect(instanceAfter(' (2)', 1)).toBe(' (2) (2)')
  expect(instanceAfter('Test Svc', 40)).toBe('Test Svc (41)')
})

test('R258 renlen: the base is cut between characters', () => {
  expect(instanceAfter('x'.repeat(63), 1)).toBe(`${'x'.repeat(59)} (2)`)
  expect(instanceAfter('é'.repeat(31), 1)).toBe(`${'é'.repeat(29)} (2)`)
  expect(instanceAfter('😀'.repeat(15), 1)).toBe(`${'😀'.repeat(14)} (2)`)
  expect(bytes(instanceAfter(`${'x'.repeat(59)} (9)`, 1))).toBe(63)
})

test('R258 renlen: any name stays within 63 bytes and valid, and never repeats', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (name) => {
      const names = new Set([name])
      for (let last = name, i = 0; i < 12; i++) {
        last = instanceAfter(last, 1)
        expect(bytes(last)).toBeLessThanOrEqual(63)
        expect(Buffer.from(last).toString()).toBe(last)
        names.add(last)
      }
      return names.size === 13
    }),
  )
})
