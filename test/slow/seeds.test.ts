import { test } from 'vitest'
import { expectOneRename } from '../scenarios/contest.ts'
import { expectDistinct } from '../scenarios/crowd.ts'
import { expectSameEnd } from '../scenarios/disorder.ts'
import { expectThreeNames } from '../scenarios/one-name.ts'
import { expectHealed } from '../scenarios/partition.ts'

test('RFC 6762 §8.2, §9: a thousand times three hosts claim one name, and end with three', () => {
  expectThreeNames(1000)
})

test('goal 34: a thousand times two hosts want one name: one keeps it, the other renames once, in five seconds', () => {
  expectOneRename(1000)
})

test.each([
  { kind: 'DNS-SD', ttl: undefined },
  { kind: 'the registry', ttl: 120 },
])('goal 33: after ten partitions of ten minutes all see all again soon, at the TTLs of $kind', ({ ttl }) => {
  expectHealed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ttl)
})

test.each([
  [20, [4]],
  [20, [4, 6]],
] as const)(
  'goal 32: with %i seeds over IPv%j, datagrams that are late, double or lost change nothing in the end',
  expectSameEnd,
)

test.each([50, 100])(
  'R228 tiesym: %i hosts that want one name end with as many, and for good, within a minute',
  expectDistinct,
)
