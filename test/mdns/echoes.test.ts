import { expect, test } from 'vitest'
import { Echoes } from '../../src/mdns/echoes.ts'

const bytes = (n: number) => new Uint8Array([n >> 8, n & 0xff, 7])

test('R17 ownecho: what was sent is known again for two seconds, and nothing else is', () => {
  const echoes = new Echoes(10)
  echoes.remember(bytes(1), 1000)
  expect(echoes.has(bytes(1), 1000)).toBe(true)
  expect(echoes.has(bytes(1), 3000)).toBe(true)
  expect(echoes.has(bytes(1), 3001)).toBe(false)
  expect(echoes.has(bytes(2), 1000)).toBe(false)
  expect(echoes.has(new Uint8Array([0, 1, 7, 0]), 1000)).toBe(false)
})

test('R17 ownecho: for half a minute it may be an echo that waited to be read', () => {
  const echoes = new Echoes(10)
  echoes.remember(bytes(1), 1000)
  echoes.remember(bytes(2), 20_000)
  expect(echoes.mayHave(bytes(1), 31_000)).toBe(true)
  expect(echoes.mayHave(bytes(1), 31_001)).toBe(false)
  expect(echoes.mayHave(bytes(2), 31_001)).toBe(true)
  expect(echoes.mayHave(bytes(3), 1000)).toBe(false)
})

test.each([1, 2, 10])('of more than %i datagrams the last are remembered', (limit) => {
  const echoes = new Echoes(limit)
  for (let n = 0; n < 300; n++) echoes.remember(bytes(n), 1000 + n / 1000)
  const known = Array.from({ length: 300 }, (_, n) => n).filter((n) => echoes.has(bytes(n), 1001))
  expect(known).toEqual(Array.from({ length: limit }, (_, n) => 300 - limit + n))
})
