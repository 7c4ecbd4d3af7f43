import { expect, test } from 'vitest'
import { falseDowns, foundUnderLoss, slowestFound } from './loss.ts'

test.each([
  { family: 4, services: 10, seconds: 16, seeds: 10 },
  { family: 6, services: 10, seconds: 16, seeds: 10 },
  { family: 4, services: 100, seconds: 18, seeds: 2 },
  { family: 6, services: 100, seconds: 18, seeds: 2 },
] as const)(
  'goal 29: over IPv$family $services services, their first answers half lost, are found in $seconds s',
  ({ family, services, seconds, seeds }) => {
    for (let seed = 0; seed < seeds; seed++) {
      expect(slowestFound(seed, services, family), `seed ${seed}`).toBeLessThanOrEqual(seconds * 1000)
    }
  },
)

test.each([
  { loss: 0.1, families: [4] as const, share: 0.999 },
  { loss: 0.3, families: [4, 6] as const, share: 0.997 },
])(
  'goal 30: at a loss of $loss over IPv$families, $share of a hundred services are found in 16 s',
  ({ loss, families, share }) => {
    expect(foundUnderLoss(loss, families, 4)).toBeGreaterThanOrEqual(share)
  },
)

test.each([
  { loss: 0.1, families: [4] as const, most: 0.1 },
  { loss: 0.3, families: [4, 6] as const, most: 1 },
])(
  'goal 31: at a loss of $loss over IPv$families a service is reported down at most $most times a day',
  ({ loss, families, most }) => {
    expect(falseDowns(loss, families, { hosts: 5, days: 0.25 })).toBeLessThanOrEqual(most)
  },
)
