import { expect, test } from 'vitest'
import { Attempts } from '../../src/mdns/attempts.ts'

const MINUTE = 60_000

test('R211 pr1min: a minute of losses is worth a word once, and again only after the claim has stood', () => {
  const attempts = new Attempts(() => 0)
  expect(attempts.struggles('a', MINUTE)).toBe(false)
  for (const start of [0, 10 * MINUTE]) {
    for (const after of [0, 10_000, MINUTE - 1]) {
      attempts.next('a', start + after)
      expect(attempts.struggles('a', start + after)).toBe(false)
    }
    attempts.next('b', start + MINUTE)
    expect(attempts.struggles('b', start + MINUTE)).toBe(false)
    expect(attempts.struggles('a', start + MINUTE)).toBe(true)
    expect(attempts.struggles('a', start + 2 * MINUTE)).toBe(false)
    attempts.settled('a')
    attempts.settled('b')
  }
})
