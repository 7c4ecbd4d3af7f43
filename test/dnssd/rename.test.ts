import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextInstance } from '../../src/dnssd/rename.ts'

const bytes = (text: string) => Buffer.byteLength(text)

test('R257 renscheme: a number is appended, then counted up', () => {
  expect(nextInstance('Test Svc')).toBe('Test Svc (2)')
  expect(nextInstance('Test Svc (2)')).toBe('Test Svc (3)')
  expect(nextInstance('Test Svc (9)')).toBe('Test Svc (10)')
  expect(nextInstance('Test (a)')).toBe('Test (a) (2)')
  expect(nextInstance('Test(2)')).toBe('Test(2) (2)')
  expect(nextInstance(' (2)')).toBe(' (2) (2)')
})

test('R258 renlen: the base is cut between characters', () => {
  expect(nextInstance('x'.repeat(63))).toBe(`${'x'.repeat(59)} (2)`)
  expect(nextInstance('é'.repeat(31))).toBe(`${'é'.repeat(29)} (2)`)
  expect(nextInstance('😀'.repeat(15))).toBe(`${'😀'.repeat(14)} (2)`)
  expect(bytes(nextInstance(`${'x'.repeat(59)} (9)`))).toBe(63)
})

test('R258 renlen: any name stays within 63 bytes and valid, and never repeats', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (name) => {
      const names = new Set([name])
      for (let last = name, i = 0; i < 12; i++) {
        last = nextInstance(last)
        expect(bytes(last)).toBeLessThanOrEqual(63)
        expect(Buffer.from(last).toString()).toBe(last)
        names.add(last)
      }
      return names.size === 13
    }),
  )
})
