import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOWHERE, Schedule, type Waiting } from '../../src/mdns/schedule.ts'

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

interface Key extends Waiting {
  readonly name: number
}

const keysUpTo = (count: number): Key[] => Array.from({ length: count }, (_, name) => ({ name, place: NOWHERE }))
const names = (keys: readonly Key[]): readonly number[] => keys.map(({ name }) => name)

const key = fc.nat(200)
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), key, at: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set' as const), key, at: fc.constant(Infinity) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('due' as const), now: fc.nat(1000) }) },
)

describe('schedule', () => {
  test('does what a sorted list would do, and lets go of what waits no longer', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 1500, size: 'max' }), (commands) => {
        const keys = keysUpTo(201)
        const of = (name: number) => keys[name] ?? { name, place: NOWHERE }
        const schedule = new Schedule<Key>()
        const model = new Model()
        const told: string[] = []
        const expected: string[] = []
        for (const each of commands) {
          if (each.kind === 'due') {
            told.push(`due ${names(schedule.due(each.now))}`)
            expected.push(`due ${model.due(each.now)}`)
          } else if (each.kind === 'delete') {
            schedule.delete(of(each.key))
            model.set(each.key, Infinity)
          } else {
            schedule.set(of(each.key), each.at)
            model.set(each.key, each.at)
            told.push(`at ${schedule.at(of(each.key))}`)
            expected.push(`at ${model.at(each.key)}`)
          }
          told.push(`${schedule.size} ${schedule.wakeAt}`)
          expected.push(`${model.size} ${model.wakeAt}`)
        }
        expect(told.join('\n')).toBe(expected.join('\n'))
        expect(names(schedule.due(Number.MAX_VALUE))).toEqual(model.due(Number.MAX_VALUE))
        expect(keys.filter(({ place }) => place !== NOWHERE)).toEqual([])
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('keys of the same instant come in the order in which they were set', () => {
    const schedule = new Schedule<Key>()
    const keys = keysUpTo(3)
    for (const key of [...keys.toReversed(), ...keys.slice(1, 2)]) schedule.set(key, 5)
    expect(names(schedule.due(5))).toEqual([2, 0, 1])
    expect(schedule.due(5)).toEqual([])
    expect(schedule.wakeAt).toBe(Number.POSITIVE_INFINITY)
  })
})
