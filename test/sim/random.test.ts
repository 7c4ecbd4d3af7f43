import { expect, test } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'

function numbers(seed: number, stream = 0): number[] {
  const random = seededRandom(seed, stream)
  return Array.from({ length: 2000 }, random)
}

test('the same seed and stream give the same numbers, others give others', () => {
  expect(numbers(7, 3)).toEqual(numbers(7, 3))
  const firsts = new Set<number | undefined>()
  for (let seed = 0; seed < 50; seed += 1) {
    for (let stream = -5; stream < 45; stream += 1) firsts.add(numbers(seed, stream)[0])
  }
  expect(firsts.size).toBe(2500)
})

test('numbers are uniform in [0, 1), also over the first draws of successive seeds', () => {
  const first = Array.from({ length: 2000 }, (_, seed) => seededRandom(seed)())
  for (const sample of [numbers(1), numbers(2, -1), first]) {
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...sample)).toBeLessThan(1)
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = sample.filter((value) => Math.floor(value * 10) === tenth).length / sample.length
      expect(share).toBeGreaterThan(0.07)
      expect(share).toBeLessThan(0.13)
    }
  }
})
