import { describe, expect, test } from 'vitest'
import { Cache } from '../../src/mdns/cache.ts'
import { between, nextQueryInterval, RUNGS, refreshAt, SharedWait, truncatedWait } from '../../src/mdns/cadence.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { Matters } from '../../src/mdns/matters.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { instance, ptr, TYPE } from './records.ts'

/** The instants of all rungs of a record that was heard at 0. */
function rungs(life: number, jitter: number): number[] {
  const instants: number[] = []
  for (let rung = 0; ; rung++) {
    const at = refreshAt(life, life, rung, jitter)
    if (at === Number.POSITIVE_INFINITY) return instants
    instants.push(at)
  }
}

describe('cadence', () => {
  test('R67 iv2x, R68 cap60: 1, 2, 4 … seconds, at most an hour', () => {
    const intervals: number[] = []
    for (let interval = 0; intervals.length < 15; intervals.push(interval)) interval = nextQueryInterval(interval)
    expect(intervals.slice(0, 12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048].map((s) => s * 1000))
    expect(intervals.slice(12)).toEqual([3_600_000, 3_600_000, 3_600_000])
    expect(nextQueryInterval(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
  })

  test('R96 ref80: at 80, 85, 90 and 95 % of the life, each up to 2 % later', () => {
    expect(rungs(120_000, 0)).toEqual([96_000, 102_000, 108_000, 114_000])
    expect(rungs(120_000, 0.5)).toEqual([97_200, 103_200, 109_200, 115_200])
    expect(rungs(4_500_000, 0)).toEqual([3_600_000, 3_825_000, 4_050_000, 4_275_000])
  })

  test('R96 ref80: a shared record that is heard again starts over with the first of its rungs', () => {
    const cache = new Cache('lan/4', { random: seededRandom(1), limits: LIMITS, matters: new Matters() })
    cache.want({ name: TYPE, type: 'PTR' }, 0)
    cache.put(ptr(instance('web'), 120), 0)
    for (const rung of [1, 2]) expect(cache.due(cache.wakeAt).refresh, `${rung}`).toHaveLength(1)
    cache.put(ptr(instance('web'), 120), 105_000)
    expect(cache.wakeAt).toBeGreaterThanOrEqual(105_000 + 96_000)
    expect(cache.wakeAt).toBeLessThanOrEqual(105_000 + 98_400)
  })

  test('R332 zclock: rungs that are past together are one refresh, and the next is still to come', () => {
    const cache = new Cache('lan/4', { random: seededRandom(1), limits: LIMITS, matters: new Matters() })
    cache.want({ name: TYPE, type: 'PTR' }, 0)
    cache.put(ptr(instance('web'), 120), 0)
    expect(cache.due(113_000).refresh).toHaveLength(1)
    expect(cache.wakeAt).toBeGreaterThan(113_000)
  })

  test('R99 refmin: short lives have fewer rungs, half a second apart, none in the first half of the life', () => {
    for (let life = 1000; life <= 10_000; life += 250) {
      const instants = rungs(life, 0)
      expect(instants.length, `${life}`).toBeGreaterThan(0)
      expect(instants.length, `${life}`).toBeLessThanOrEqual(RUNGS)
      expect(instants[0], `${life}`).toBeGreaterThanOrEqual(life / 2)
      for (const [i, at] of instants.entries()) {
        if (i > 0) expect(at - (instants[i - 1] ?? 0), `${life}`).toBeGreaterThanOrEqual(500)
      }
      expect(instants.at(-1), `${life}`).toBeLessThanOrEqual(life - 500)
    }
    expect(rungs(1000, 0)).toEqual([500])
    expect(rungs(2000, 0)).toEqual([1000, 1500])
  })

  test('a shared wait is joined by all that starts in it, and lies within its bounds for each', () => {
    const wait = new SharedWait(seededRandom(7), 20, 120)
    let shared = 0
    let last = Number.NaN
    for (let now = 0; now < 20_000; now += 5) {
      const until = wait.join(now)
      expect(until - now).toBeGreaterThanOrEqual(20)
      expect(until - now).toBeLessThanOrEqual(120)
      if (until === last) shared++
      last = until
    }
    expect(shared).toBeGreaterThan(1000)
  })

  test('a random wait covers its range evenly', () => {
    const random = seededRandom(3)
    const quarters = [0, 0, 0, 0]
    for (let i = 0; i < 400; i++) {
      const quarter = Math.floor((between(random, 20, 120) - 20) / 25)
      quarters[quarter] = (quarters[quarter] ?? 0) + 1
    }
    for (const count of quarters) {
      expect(count).toBeGreaterThan(40)
      expect(count).toBeLessThan(180)
    }
    for (let i = 0; i < 100; i++) {
      const wait = truncatedWait(random)
      expect(wait).toBeGreaterThanOrEqual(400)
      expect(wait).toBeLessThanOrEqual(500)
    }
  })
})
