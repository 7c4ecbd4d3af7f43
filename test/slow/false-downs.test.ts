import { expect, test } from 'vitest'
import { falseDowns } from '../scenarios/loss.ts'

/** Where one family alone loses so much, seven questions in a row are lost eight times a day; four were sixty times. */
test.each([
  { loss: 0.1, families: [4] as const, most: 0.1 },
  { loss: 0.1, families: [4, 6] as const, most: 0.1 },
  { loss: 0.3, families: [4] as const, most: 12 },
  { loss: 0.3, families: [4, 6] as const, most: 1 },
])(
  'goal 31: at a loss of $loss over IPv$families each of 100 services is reported down at most $most times a day',
  ({ loss, families, most }) => {
    expect(falseDowns(loss, families, { hosts: 25, days: 1 })).toBeLessThanOrEqual(most)
  },
)
