import { expect, test } from 'vitest'
import { Conflicts } from '../../src/mdns/conflicts.ts'

/** Conflicts as they come to a host that tries again as soon as it may. */
function contested(seconds: number): { conflicts: Conflicts; now: number; times: number[] } {
  const conflicts = new Conflicts()
  const times: number[] = []
  let now = 0
  while (now < seconds * 1_000) {
    times.push(now)
    conflicts.add('web', now)
    now += conflicts.waitAt('web', now) + 300
  }
  return { conflicts, now: times.at(-1) ?? 0, times }
}

test('R209 pr15: from the sixteenth attempt on five seconds, after two minutes one', () => {
  const { times } = contested(600)
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  expect(new Set(gaps.slice(0, 14))).toEqual(new Set([300]))
  expect(new Set(gaps.slice(14, 36))).toEqual(new Set([5_300]))
  expect(new Set(gaps.slice(40))).toEqual(new Set([60_300]))
})

test('R210 pr15reset: a quiet spell ends it, a longer one after two minutes of conflicts', () => {
  const few = contested(20)
  expect(few.conflicts.waitAt('web', few.now + 10_000)).toBe(5_000)
  expect(few.conflicts.waitAt('web', few.now + 10_001)).toBe(0)
  const many = contested(600)
  expect(many.conflicts.waitAt('web', many.now + 70_000)).toBe(60_000)
  expect(many.conflicts.waitAt('web', many.now + 70_001)).toBe(0)
})

test('what is denied for ever delays nothing else of this host', () => {
  const { conflicts, now } = contested(600)
  expect(conflicts.waitAt('other', now)).toBe(0)
  expect(contested(20).conflicts.waitAt('other', 20_000)).toBe(5_000)
  conflicts.forget('web')
  expect(conflicts.waitAt('web', now)).toBe(0)
})
