import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rrKey } from '../../src/mdns/rr.ts'
import { type CacheEntry, RrSet } from '../../src/mdns/rr-set.ts'
import { NOWHERE } from '../../src/mdns/schedule.ts'
import type { Rr } from '../../src/wire/types.ts'
import { instance, ptr, TYPE } from './records.ts'

function entryOf(set: RrSet, rr: Rr): CacheEntry {
  return { set, rr, heard: { at: 0, jitter: 0 }, doom: undefined, rung: 0, place: NOWHERE }
}

const emptySet = () => new RrSet(TYPE, 'PTR')

describe('rr-set', () => {
  test('finds what a list would find, small or indexed, in any case, in the order of adding', () => {
    const change = fc.record({ n: fc.nat(40), upper: fc.boolean(), remove: fc.boolean() })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200, size: 'max' }), (changes) => {
        const set = emptySet()
        const list: CacheEntry[] = []
        for (const { n, upper, remove } of changes) {
          const rr = ptr(instance(upper ? `NAME ${n}` : `name ${n}`))
          const known = list.find((entry) => rrKey(entry.rr) === rrKey(rr))
          expect(set.find(rr)).toBe(known)
          if (known && remove) {
            set.remove(known)
            list.splice(list.indexOf(known), 1)
          } else if (known === undefined && !remove) {
            const entry = entryOf(set, rr)
            set.add(entry)
            list.push(entry)
          }
          expect([...set]).toEqual(list)
        }
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  test('eight thousand members are found without a search from end to end', () => {
    const set = emptySet()
    const records = Array.from({ length: 8192 }, (_, n) => ptr(instance(`${n}`)))
    for (const rr of records) set.add(entryOf(set, rr))
    const start = performance.now()
    for (const rr of records) expect(set.find(rr)?.rr).toBe(rr)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
