import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { claimOneName, expectThreeNames } from './one-name.ts'

function transcriptOf(seed: number): string {
  const { world } = claimOneName({ seed, latency: [1, 30], loss: 0.1, duplicate: 0.1 }, 100)
  world.run(30_000)
  expect(world.transcript.length).toBeGreaterThan(30)
  const hash = createHash('sha256')
  for (const { at, sender, from, to, bytes } of world.transcript) {
    hash.update(JSON.stringify([at, sender, from, to])).update(bytes)
  }
  return hash.digest('hex')
}

describe('seeds', () => {
  test('the same seed gives the same datagrams byte for byte, every other seed gives others', () => {
    const first = Array.from({ length: 20 }, (_, seed) => transcriptOf(seed))
    const again = Array.from({ length: 20 }, (_, seed) => transcriptOf(seed))
    expect(again).toEqual(first)
    expect(new Set(first).size).toBe(20)
  })

  test('RFC 6762 §8.2, §9: a hundred times three hosts claim one name, and end with three', () => {
    expectThreeNames(100)
  })
})
