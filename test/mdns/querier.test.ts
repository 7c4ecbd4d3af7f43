import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/mdns/limits.ts'
import { Querier } from '../../src/mdns/querier.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { instance, TYPE } from './records.ts'

const INTEREST = { name: TYPE, type: 'PTR' } as const
const OTHER = { name: instance('web'), type: 'SRV' } as const

/** One that may ask a single question a second. */
function tight(): Querier {
  return new Querier(seededRandom(1), { ...LIMITS, questionsPerSecond: 1, questionBurst: 1 })
}

function asked(querier: Querier, until: number): readonly (readonly [number, string])[] {
  const all: (readonly [number, string])[] = []
  for (let now = querier.wakeAt; now <= until; now = querier.wakeAt) {
    for (const { question } of querier.due(now)) all.push([Math.round(now), question.type])
  }
  return all
}

describe('querier', () => {
  test('a refresh that waits for its turn becomes part of a series that starts meanwhile', () => {
    const querier = tight()
    querier.refresh(OTHER, 0)
    querier.refresh(INTEREST, 0)
    expect(querier.due(0).map(({ question }) => question.type)).toEqual(['SRV'])
    querier.ask(INTEREST, 10)
    const series = asked(querier, 20_000)
    expect(series.map(([, type]) => type)).toEqual(Array(5).fill('PTR'))
  })

  test('a refresh leaves at once and is asked once, however often it is wanted within 400 ms', () => {
    const querier = new Querier(seededRandom(1), LIMITS)
    for (const now of [1000, 1000, 1200, 1399, 1400, 1500]) querier.refresh(INTEREST, now)
    expect(asked(querier, 10_000)).toEqual([[1000, 'PTR']])
    querier.refresh(INTEREST, 20_000)
    expect(querier.due(20_000)).toHaveLength(1)
    querier.refresh(INTEREST, 20_399)
    expect(querier.wakeAt).toBe(Number.POSITIVE_INFINITY)
    querier.refresh(INTEREST, 20_400)
    expect(querier.due(20_400)).toHaveLength(1)
    expect(querier.wakeAt).toBe(Number.POSITIVE_INFINITY)
  })

  test('a refresh within a series counts as its next question', () => {
    const querier = new Querier(seededRandom(1), LIMITS)
    querier.ask(INTEREST, 0)
    const [[first = 0] = []] = asked(querier, 120)
    querier.refresh(INTEREST, first + 500)
    expect(asked(querier, first + 10_000).map(([at]) => at - first)).toEqual([500, 2500, 6500])
  })

  test('what could not be sent is asked again in a second, but not what was answered or is long past', () => {
    const querier = new Querier(seededRandom(1), LIMITS)
    querier.ask(INTEREST, 0)
    querier.ask(OTHER, 0)
    const [[first = 0] = []] = asked(querier, 120)
    querier.answered(OTHER.name, OTHER.type)
    querier.unsent(first + 1)
    querier.unsent(first + 2)
    expect(asked(querier, first + 4500).map(([at, type]) => [at - first, type])).toEqual([
      [1001, 'PTR'],
      [2001, 'PTR'],
      [4001, 'PTR'],
    ])
    querier.unsent(first + 6000)
    expect(Math.round(querier.wakeAt - first)).toBe(8001)
  })

  describe('R94 dupqlim: rounds that are left to another host', () => {
    const ROUNDS = [1, 2, 4, 8, 16, 32].map((seconds) => seconds * 1000)

    /** Which of the rounds are left to others, if the hosts ask a moment before each of them. */
    function left(hosts: readonly string[], many: boolean): readonly boolean[] {
      const querier = new Querier(seededRandom(1), LIMITS)
      querier.ask(INTEREST, 0)
      asked(querier, 120)
      return ROUNDS.map((_, round) => {
        const asker = { address: hosts[round % hosts.length] ?? '', many }
        const now = querier.wakeAt - 1
        const isLeft = querier.isNear(INTEREST, asker, now)
        if (isLeft) querier.heard(INTEREST, asker, now)
        else querier.due(querier.wakeAt)
        return isLeft
      })
    }

    test('are the quick ones, and of the slow ones no two in a row', () => {
      expect(left(['198.18.0.8', '198.18.0.9'], false)).toEqual([true, true, false, true, false, true])
    })

    test('may all be, if there are many answers, but no two slow ones in a row to the same host', () => {
      expect(left(['198.18.0.8', '198.18.0.9'], true)).toEqual([true, true, true, true, true, true])
      expect(left(['198.18.0.8'], true)).toEqual([true, true, false, true, false, true])
    })
  })
})
