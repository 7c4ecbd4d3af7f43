import { describe, expect, test } from 'vitest'
import { FEW, knownAnswers } from '../../src/mdns/known-answers.ts'
import { instance, ptr } from './records.ts'

const LIFE = 100
const SECOND = 1000

/** One record for each age, in percent of its life. */
function aged(...ages: readonly number[]) {
  return ages.map((age) => {
    return { rr: ptr(instance(`${age}`), LIFE), heard: { at: -age * SECOND, jitter: 0 }, doom: undefined }
  })
}

function listed(entries: ReturnType<typeof aged>, renews: boolean): readonly number[] {
  return knownAnswers(entries, { now: 0, renews, limit: 1000 }).map(({ ttl }) => LIFE - ttl)
}

describe('known answers', () => {
  const fresh = Array<number>(FEW).fill(1)

  test('R85 kahalf: those with more than half of their life left, with what is left of it', () => {
    expect(listed(aged(0, 20, 30, 49, 50, 80), false)).toEqual([0, 20, 30, 49])
    expect(listed(aged(0, 20, 30, 49, 50, 80), true)).toEqual([0, 20, 30, 49])
  })

  test('of many only the fresh ones, if the question renews: the others are told again by its answer', () => {
    expect(listed(aged(...fresh, 0, 24, 25, 30, 49), true)).toEqual([...fresh, 0, 24])
    expect(listed(aged(...fresh, 0, 24, 25, 30, 49), false)).toEqual([...fresh, 0, 24, 25, 30, 49])
  })
})
