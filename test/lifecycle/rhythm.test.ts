// Interval and ttl: options, the environment of go-micro, and defaults that fit each other.
import { describe, expect, test } from 'vitest'
import { parseRhythm, type RhythmOptions } from '../../src/lifecycle/rhythm.ts'

type Case = readonly [options: RhythmOptions, environment: NodeJS.Dict<string>, interval: number, ttl: number]

const cases: readonly Case[] = [
  [{}, {}, 30_000, 90],
  [{}, { MICRO_REGISTER_INTERVAL: '5', MICRO_REGISTER_TTL: '20' }, 5_000, 20],
  [{}, { MICRO_REGISTER_INTERVAL: '', MICRO_REGISTER_TTL: '' }, 30_000, 90],
  [{ interval: 1_500, ttl: 7 }, { MICRO_REGISTER_INTERVAL: '5', MICRO_REGISTER_TTL: '20' }, 1_500, 7],
  [{ ttl: 6 }, {}, 2_000, 6],
  [{ ttl: 6 }, { MICRO_REGISTER_INTERVAL: '30' }, 2_000, 6],
  [{ ttl: 600 }, {}, 30_000, 600],
  [{ interval: 60_000 }, {}, 60_000, 180],
  [{ interval: 60_000 }, { MICRO_REGISTER_TTL: '60' }, 60_000, 180],
  [{}, { MICRO_REGISTER_TTL: '9' }, 3_000, 9],
  [{}, { MICRO_REGISTER_TTL: '60', MICRO_REGISTER_INTERVAL: '120' }, 20_000, 60],
]

describe('the rhythm', () => {
  test.each(cases)('of %o in %o is %i ms and %i s', (options, environment, interval, ttl) => {
    expect(parseRhythm(options, environment)).toEqual({ interval, ttl })
  })

  test.each(['0', '-1', '1.5', '30s', 'soon', '99999999999'])('is none in an environment that says %s', (text) => {
    expect(() => parseRhythm({}, { MICRO_REGISTER_INTERVAL: text })).toThrow(/MICRO_REGISTER_INTERVAL is/)
    expect(() => parseRhythm({}, { MICRO_REGISTER_TTL: text })).toThrow(/MICRO_REGISTER_TTL is/)
  })
})
