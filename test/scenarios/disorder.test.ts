import { test } from 'vitest'
import { expectSameEnd } from './disorder.ts'

test.each([
  [3, [4]],
  [3, [4, 6]],
] as const)(
  'goal 32: with %i seeds over IPv%j, datagrams that are late, double or lost change nothing in the end',
  expectSameEnd,
)
