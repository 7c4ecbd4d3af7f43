// The strategies and what they go by, without a registry.
import { describe, expect, test } from 'vitest'
import { History, MAX_REMEMBERED } from '../../src/selector/history.ts'
import { type Candidate, type StrategyName, strategyOf } from '../../src/selector/strategies.ts'
import { seededRandom } from '../../src/sim/random.ts'

const IDS = ['a', 'b', 'c', 'd']

/** Picks again and again, with what was picked and failed before kept in mind. */
function picker(name: StrategyName, ids = IDS, random = seededRandom(1)) {
  const history = new History()
  const service = { name: 'foo', version: '1', metadata: {}, endpoints: [], nodes: [] }
  const candidates = ids.map(
    (id): Candidate => ({
      service,
      node: { id, address: '', metadata: {} },
      get lastPicked() {
        return history.lastPicked(id)
      },
      get lastFailed() {
        return history.lastFailed(id)
      },
    }),
  )
  const pick = (among = ids) => {
    const some = candidates.filter(({ node }) => among.includes(node.id))
    const id = strategyOf(name)(some, random)?.node.id ?? ''
    history.pick(id)
    return id
  }
  const picks = (count: number) => Array.from({ length: count }, () => pick())
  return { history, pick, picks }
}

const counts = (picks: readonly string[]) => IDS.map((id) => picks.filter((pick) => pick === id).length)

describe('random', () => {
  test('gives every node about the same share', () => {
    for (const count of counts(picker('random').picks(4_000))) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  test('goes by the chance it is given', () => {
    const chances = [0, 0.26, 0.5, 0.999]
    expect(picker('random', IDS, () => chances.shift() ?? 0).picks(4)).toEqual(IDS)
  })
})

describe('roundRobin', () => {
  test('takes every node once in each round, always in the same order', () => {
    const picks = picker('roundRobin').picks(400)
    expect(counts(picks)).toEqual([100, 100, 100, 100])
    for (let i = 4; i < picks.length; i++) expect(picks[i]).toBe(picks[i - 4])
  })

  test('begins with any of them', () => {
    const firsts = Array.from({ length: 400 }, (_, seed) => picker('roundRobin', IDS, seededRandom(seed)).pick())
    for (const count of counts(firsts)) expect(Math.abs(count - 100)).toBeLessThan(50)
  })

  test('takes a node that is new next, and serves those that ask for a part of them alike', () => {
    const { pick } = picker('roundRobin')
    const known = ['a', 'b', 'c']
    for (let i = 0; i < 7; i++) pick(known)
    expect(pick()).toBe('d')
    const halves = Array.from({ length: 40 }, () => [pick(['a', 'b']), pick(['c', 'd'])]).flat()
    expect(counts(halves)).toEqual([20, 20, 20, 20])
  })
})

describe('leastRecentlyFailed', () => {
  test('takes those that never failed in turn, and leaves those that did alone', () => {
    const { history, picks } = picker('leastRecentlyFailed')
    history.fail('b', 10)
    expect(counts(picks(300))).toEqual([100, 0, 100, 100])
  })

  test('takes the one whose failure is longest ago when all have failed', () => {
    const { history, picks } = picker('leastRecentlyFailed')
    for (const [index, id] of ['c', 'a', 'd', 'b'].entries()) history.fail(id, index)
    expect(picks(3)).toEqual(['c', 'c', 'c'])
    history.fail('c', 9)
    expect(picks(1)).toEqual(['a'])
    history.clear('b')
    expect(picks(2)).toEqual(['b', 'b'])
  })
})

test('a strategy of another name is refused', () => {
  const refused = expect.objectContaining({ code: 'ERR_INVALID_STRATEGY' })
  expect(() => strategyOf('fastest' as StrategyName)).toThrow(refused)
  expect(() => strategyOf('toString' as StrategyName)).toThrow(refused)
})

test('a history that is full forgets the oldest, whoever makes up ids', () => {
  const history = new History()
  for (let i = 0; i < 3 * MAX_REMEMBERED; i++) {
    history.pick(`node-${i}`)
    history.fail(`node-${i}`, i)
  }
  expect(history.size).toBe(2 * MAX_REMEMBERED)
  const last = 3 * MAX_REMEMBERED - 1
  expect([history.lastFailed(`node-${last}`), history.lastPicked(`node-${last}`)]).toEqual([last, last + 1])
  expect([history.lastFailed('node-0'), history.lastPicked('node-0')]).toEqual([undefined, 0])
  history.forgive(last - 1)
  expect(history.size).toBe(MAX_REMEMBERED + 1)
})
