import { test } from 'vitest'
import { expectThreeNames } from '../scenarios/one-name.ts'

test('RFC 6762 §8.2, §9: a thousand times three hosts claim one name, and end with three', () => {
  expectThreeNames(1000)
})
