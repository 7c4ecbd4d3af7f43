import { test } from 'vitest'
import { expectHealed } from './partition.ts'

test.each([
  { kind: 'DNS-SD', ttl: undefined },
  { kind: 'the registry', ttl: 120 },
])('goal 33: after a partition of ten minutes all see all again soon, at the TTLs of $kind', ({ ttl }) => {
  expectHealed([1], ttl)
})
