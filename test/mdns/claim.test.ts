import { expect, test } from 'vitest'
import { UPDATE_CREDIT_EVERY, UPDATE_CREDITS } from '../../src/mdns/cadence.ts'
import { difference, newClaim, spendCredit } from '../../src/mdns/claim.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { a, HOST, INSTANCE, ptr, srv, TYPE, text } from '../conformance/lab.ts'

test('R238 uprate: a credit is there at the very instant for which it was promised, whatever the fractions', () => {
  const random = seededRandom(1)
  const expected = [...Array(UPDATE_CREDITS).fill(true), ...Array(3).fill([false, true]).flat()].join()
  for (let i = 0; i < 10_000; i++) {
    let now = (random() * 1e6) / 3
    const claim = newClaim({ id: 'id', records: [] }, now)
    const spent: boolean[] = []
    while (spent.length < UPDATE_CREDITS) spent.push(spendCredit(claim, now))
    for (let round = 0; round < 3; round++) {
      spent.push(spendCredit(claim, now))
      now = claim.credits.at + UPDATE_CREDIT_EVERY
      spent.push(spendCredit(claim, now))
    }
    expect(spent.join()).toBe(expected)
  }
})

test('R238 uprate: no more than ten are ever saved up', () => {
  const claim = newClaim({ id: 'id', records: [] }, 0)
  let spent = 0
  while (spendCredit(claim, 3_600_000)) spent++
  expect(spent).toBe(UPDATE_CREDITS)
})

test('R123 rrset: the news of an update are whole unique sets, and single shared records', () => {
  const pointer = ptr(TYPE, INSTANCE)
  const before = [a(HOST, '198.18.0.1'), a(HOST, '198.18.0.2'), srv(INSTANCE), pointer]
  const after = [a(HOST, '198.18.0.1'), a(HOST, '198.18.0.3'), srv(INSTANCE), pointer, ptr(TYPE, HOST)]
  expect(difference(before, after)).toEqual({ news: [after[0], after[1], after[4]], gone: [] })
  expect(difference(after, before)).toEqual({ news: [before[0], before[1]], gone: [ptr(TYPE, HOST)] })
})

test('R236 updunique, R237 updshared: gone are shared records, and unique ones of which no successor is left', () => {
  const before = [text(INSTANCE), srv(INSTANCE), ptr(TYPE, INSTANCE)]
  expect(difference(before, [text(INSTANCE, 'b=1')])).toEqual({
    news: [text(INSTANCE, 'b=1')],
    gone: [srv(INSTANCE), ptr(TYPE, INSTANCE)],
  })
  expect(difference(before, [...before].reverse())).toEqual({ news: [], gone: [] })
})

test('another TTL is news of its whole set', () => {
  const both = [a(HOST, '198.18.0.1'), a(HOST, '198.18.0.2')]
  const longer = [a(HOST, '198.18.0.1', 4_500), a(HOST, '198.18.0.2')]
  expect(difference(both, longer)).toEqual({ news: longer, gone: [] })
})
