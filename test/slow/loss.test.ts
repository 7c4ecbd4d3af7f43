import { expect, test } from 'vitest'
import { foundUnderLoss, slowestFound } from '../scenarios/loss.ts'

test.each([
  { family: 4, services: 10, seconds: 16 },
  { family: 6, services: 10, seconds: 16 },
  { family: 4, services: 100, seconds: 18 },
  { family: 6, services: 100, seconds: 18 },
] as const)(
  'goal 29: over IPv$family $services services, their first answers half lost, are found in $seconds s: 100 seeds',
  ({ family, services, seconds }) => {
    for (let seed = 0; seed < 100; seed++) {
      expect(slowestFound(seed, services, family), `seed ${seed}`).toBeLessThanOrEqual(seconds * 1000)
    }
  },
)

test.each([
  { loss: 0.1, families: [4] as const, share: 0.999 },
  { loss: 0.3, families: [4] as const, share: 0.95 },
  { loss: 0.5, families: [4] as const, share: 0.74 },
  { loss: 0.3, families: [4, 6] as const, share: 0.997 },
])(
  'goal 30: at a loss of $loss over IPv$families, $share of 5,000 services are found in 16 s',
  ({ loss, families, share }) => {
    expect(foundUnderLoss(loss, families, 50)).toBeGreaterThanOrEqual(share)
  },
)
