import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Schedule } from '../../src/mdns/schedule.ts'

/** The same, with nothing clever in it. */
class Model {
  #order = 0
  readonly #entries = new Map<number, { at: number; order: number }>()

  get size(): number {
    return this.#entries.size
  }

  get wakeAt(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#entries.values()].map(({ at }) => at))
  }

  at(key: number): number {
    return this.#entries.get(key)?.at ?? Number.POSITIVE_INFINITY
  }

  set(key: number, at: number): void {
    this.#entries.delete(key)
    if (at !== Number.POSITIVE_INFINITY) this.#entries.set(key, { at, order: this.#order++ })
  }

  due(now: number): number[] {
    const due = [...this.#entries].filter(([, { at }]) => at <= now)
    due.sort(([, a], [, b]) => a.at - b.at || a.order - b.order)
    for (const [key] of due) this.#entries.delete(key)
    return due.map(([key]) => key)
  }
}

const key = fc.nat(200)
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), key, at: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set' as const), key, at: fc.constant(Infinity) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('due' as const), now: fc.nat(1000) }) },
)

/** Beyond twice its keys, so many entries are held at most. */
const SLACK = 64

describe('schedule', () => {
  test('does what a sorted list would do, and holds at most twice its keys', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 1500, size: 'max' }), (commands) => {
        const schedule = new Schedule<number>()
        const model = new Model()
        const told: string[] = []
        const expected: string[] = []
        let most = 0
        for (const each of commands) {
          if (each.kind === 'due') {
            told.push(`due ${schedule.due(each.now)}`)
            expected.push(`due ${model.due(each.now)}`)
          } else if (each.kind === 'delete') {
            schedule.delete(each.key)
            model.set(each.key, Infinity)
          } else {
            schedule.set(each.key, each.at)
            model.set(each.key, each.at)
            told.push(`at ${schedule.at(each.key)}`)
            expected.push(`at ${model.at(each.key)}`)
          }
          told.push(`${schedule.size} ${schedule.wakeAt}`)
          expected.push(`${model.size} ${model.wakeAt}`)
          most = Math.max(most, schedule.held - 2 * model.size)
        }
        expect(told.join('\n')).toBe(expected.join('\n'))
        expect(most).toBeLessThanOrEqual(SLACK)
        expect(schedule.due(Number.MAX_VALUE)).toEqual(model.due(Number.MAX_VALUE))
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('a thousand keys set again a hundred thousand times are at most twice as many entries', () => {
    const schedule = new Schedule<number>()
    let most = 0
    for (let round = 0; round < 100_000; round++) {
      schedule.set(round % 1000, (round * 7919) % 100_000)
      most = Math.max(most, schedule.held)
    }
    expect(most).toBeLessThanOrEqual(2000)
  })

  test('what is left of many deleted keys is no more than twice what remains', () => {
    const schedule = new Schedule<number>()
    for (let key = 0; key < 10_000; key++) schedule.set(key, key)
    for (let key = 0; key < 9_900; key++) schedule.delete(key)
    expect(schedule.held).toBeLessThanOrEqual(200 + SLACK)
    for (let round = 0; round < 100; round++) for (let key = 9_900; key < 10_000; key++) schedule.set(key, 20_000)
    for (let key = 9_900; key < 9_995; key++) schedule.set(key, 1)
    expect(schedule.due(10)).toHaveLength(95)
    expect(schedule.held).toBeLessThanOrEqual(10 + SLACK)
  })

  test('keys of the same instant come in the order in which they were set', () => {
    const schedule = new Schedule<string>()
    for (const key of ['c', 'a', 'b', 'a']) schedule.set(key, 5)
    expect(schedule.due(5)).toEqual(['c', 'b', 'a'])
    expect(schedule.due(5)).toEqual([])
    expect(schedule.wakeAt).toBe(Number.POSITIVE_INFINITY)
  })
})
