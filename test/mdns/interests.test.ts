import { expect, test } from 'vitest'
import { Interests } from '../../src/mdns/interests.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { instance, TYPE } from './records.ts'

test('R70 oneper: only the first who asks starts a question, only the last who leaves ends it', () => {
  const interests = new Interests(10)
  const interest = { name: TYPE, type: 'PTR' } as const
  expect(interests.add(interest)).toBe(true)
  expect(interests.add({ ...interest, name: nameFromText('_HTTP._tcp.LOCAL') })).toBe(false)
  expect(interests.size).toBe(1)
  expect(interests.remove(interest)).toBe(false)
  expect(interests.remove(interest)).toBe(true)
  expect(interests.remove(interest)).toBe(false)
  expect(interests.size).toBe(0)
})

test('interests have a cap, and room again when one ends', () => {
  const interests = new Interests(3)
  const nth = (n: number) => ({ name: instance(`${n}`), type: 'SRV' as const })
  expect([0, 1, 2, 3].map((n) => interests.add(nth(n)))).toEqual([true, true, true, false])
  expect(interests.size).toBe(3)
  expect(interests.remove(nth(3))).toBe(false)
  expect(interests.add(nth(1))).toBe(false)
  expect(interests.remove(nth(0))).toBe(true)
  expect(interests.add(nth(3))).toBe(true)
  expect([...interests].map(({ name }) => name)).toEqual([1, 2, 3].map((n) => instance(`${n}`)))
})
