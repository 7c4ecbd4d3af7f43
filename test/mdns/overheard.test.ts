import { describe, expect, test } from 'vitest'
import { Overheard, type Part } from '../../src/mdns/overheard.ts'
import type { Rr } from '../../src/wire/types.ts'
import { instance, ptr, TYPE } from './records.ts'

const QUESTION = { name: TYPE, type: 'PTR' } as const
const [A, B, NEW] = ['a', 'b', 'new'].map((label) => ptr(instance(label)))
const KNOWN = new Set([A, B])

function part(part: Partial<Part>): Part {
  return {
    from: '198.18.0.9',
    goesOn: part.questions === undefined,
    questions: [],
    known: () => [],
    truncated: false,
    ...part,
  }
}

/** Takes one part after another; tells what each completes. */
function taken(overheard: Overheard, ...parts: readonly (readonly [at: number, part: Partial<Part>])[]) {
  return parts.map(([at, each]) => overheard.take(part(each), (rr) => KNOWN.has(rr), at).length)
}

const listing = (rr: Rr | undefined) => () => (rr ? [rr] : [])
const FIRST = { questions: [QUESTION], known: listing(A), truncated: true }
const MIDDLE = { known: listing(B), truncated: true }
const LAST = { known: listing(A) }
const CONTRADICTION = { known: listing(NEW) }

describe('R92 dupq: a question of another host stands in for ours', () => {
  test('at once if all that it lists is known here as well, and not at all if something is new', () => {
    expect(taken(new Overheard(8), [0, { ...FIRST, truncated: false }])).toEqual([1])
    expect(taken(new Overheard(8), [0, { ...FIRST, ...CONTRADICTION, truncated: false }])).toEqual([0])
  })

  test('with the last of its known answers, if there are several datagrams of them', () => {
    expect(taken(new Overheard(8), [0, FIRST], [1, MIDDLE], [2, MIDDLE], [3, LAST])).toEqual([0, 0, 0, 1])
  })

  test('not if any of them lists something new', () => {
    expect(taken(new Overheard(8), [0, FIRST], [1, CONTRADICTION])).toEqual([0, 0])
    expect(taken(new Overheard(8), [0, FIRST], [1, { ...CONTRADICTION, truncated: true }], [2, LAST])).toEqual([
      0, 0, 0,
    ])
    expect(taken(new Overheard(8), [0, { ...FIRST, ...CONTRADICTION }], [1, LAST])).toEqual([0, 0])
  })

  test('not if the rest stays away for a second, comes from another host, or after another question', () => {
    expect(taken(new Overheard(8), [0, FIRST], [1001, LAST])).toEqual([0, 0])
    expect(taken(new Overheard(8), [0, FIRST], [1, { ...LAST, from: '198.18.0.8' }])).toEqual([0, 0])
    const other = { questions: [{ name: instance('x'), type: 'SRV' }] } as const
    expect(taken(new Overheard(8), [0, FIRST], [1, other], [2, LAST])).toEqual([0, 1, 0])
    const ofNoInterest = { questions: [] }
    expect(taken(new Overheard(8), [0, FIRST], [1, ofNoInterest], [2, LAST])).toEqual([0, 0, 0])
  })

  test('truncatedSources: so many hosts are waited for, the latest', () => {
    const overheard = new Overheard(3)
    const from = (n: number) => ({ from: `198.18.0.${n}` })
    for (let n = 0; n < 100; n++) taken(overheard, [n, { ...FIRST, ...from(n) }])
    expect(overheard.size).toBe(3)
    expect(taken(overheard, [100, { ...LAST, ...from(99) }], [100, { ...LAST, ...from(1) }])).toEqual([1, 0])
  })
})
