import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import type { Question } from '../../src/wire/types.ts'
import { Bct, CASES, META } from './bct.ts'
import { type Heard, HOST, INSTANCE, question, recordsOf, responsesOf, TYPE } from './lab.ts'

const SAMPLES = 100
/** Two questions so far apart have nothing to do with each other. */
const APART = 2_500

/** The times of all answers to one query. */
function answersTo(bct: Bct, questions: readonly Question[]): readonly Heard[] {
  bct.ask(questions)
  return responsesOf(bct.listen(APART))
}

/** Apple's verdict on the delays of shared replies, in milliseconds. */
function judge(delays: readonly number[]): void {
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(20)
    expect(delay).toBeLessThanOrEqual(125)
  }
  for (const quarter of [0, 1, 2, 3]) {
    const count = delays.filter((delay) => Math.min(Math.floor((delay - 20) / 26.25), 3) === quarter).length
    const share = count / delays.length
    expect(share).toBeGreaterThanOrEqual(0.1)
    expect(share).toBeLessThanOrEqual(0.45)
  }
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((x, y) => x.at - y.at)
    .map(({ item }) => item)
}

describe.each(CASES)('SIMPLE REPLY RESPONSE TIME / VERIFICATION, $written', ({ spell }) => {
  test.each([
    ['SRV', INSTANCE, ['SRV'], ['A', 'NSEC']],
    ['TXT', INSTANCE, ['TXT'], []],
    ['A', HOST, ['A'], ['NSEC']],
    ['ANY', INSTANCE, ['SRV', 'TXT'], ['A', 'NSEC']],
    ['ANY', HOST, ['A'], ['NSEC']],
  ] as const)('R133 imm10, R121 any, R176 addsrv: %s of %s within 10 ms', (type, name, answers, additionals) => {
    const bct = Bct.announced()
    for (let sample = 0; sample < 10; sample++) {
      const heard = answersTo(bct, [question(spell(name), type)])
      expect(heard).toHaveLength(1)
      expect(heard[0]?.after).toBeLessThan(10)
      expect(heard[0]?.viaGroup).toBe(true)
      const types = heard.map((each) => [recordsOf(each, 'answers'), recordsOf(each, 'additionals')])
      expect(types.map((sections) => sections.map((each) => each.map((rr) => rr.type)))).toEqual([
        [answers, additionals],
      ])
    }
  })

  test('R174 addrother: with both families each question about addresses brings both', () => {
    const bct = Bct.announced({ families: [4, 6] })
    for (const type of ['A', 'AAAA'] as const) {
      const [heard] = answersTo(bct, [question(spell(HOST), type)])
      const records = heard === undefined ? [] : recordsOf(heard)
      expect(records.map((rr) => rr.type).toSorted()).toEqual(['A', 'AAAA', 'AAAA'])
    }
  })

  test('R158 nsecmust: what the device knows not to exist is denied as fast', () => {
    const bct = Bct.announced()
    const heard = answersTo(bct, [question(spell(HOST), 'AAAA')])
    expect(heard.map(({ after }) => after)).toEqual([0])
    expect(heard.flatMap((each) => recordsOf(each, 'answers')).map((rr) => rr.type)).toEqual(['NSEC'])
  })

  test('R119 posonly: what is not the device’s is not answered', () => {
    const bct = Bct.announced()
    const foreign = [question(spell(INSTANCE), 'PTR'), question(spell(HOST), 'SRV')]
    expect(
      answersTo(bct, foreign)
        .flatMap((each) => recordsOf(each, 'answers'))
        .every((rr) => rr.type === 'NSEC'),
    ).toBe(true)
  })
})

describe.each(CASES)('SHARED REPLY TIMING, $written', ({ spell }) => {
  test.each([
    ['PTR', 4],
    ['PTR', 6],
    ['ANY', 4],
  ] as const)('R134 sh20, R148 nocollide, R175 addptr: %s, family %i', (type, family) => {
    const bct = Bct.announced({ families: [family] })
    const replies = Array.from({ length: SAMPLES }, () => {
      bct.ask(question(spell(TYPE), type), {}, { family })
      return responsesOf(bct.listen(APART))
    })
    expect(replies.every((each) => each.length === 1)).toBe(true)
    for (const heard of replies.flat()) {
      expect(recordsOf(heard, 'answers').map((rr) => rr.type)).toEqual(['PTR'])
      const address = family === 4 ? ['A'] : ['AAAA', 'AAAA']
      expect(recordsOf(heard, 'additionals').map((rr) => rr.type)).toEqual(['SRV', 'TXT', ...address, 'NSEC'])
    }
    judge(replies.flat().map(({ after }) => after))
  })

  test.each([
    ['two pointers', [question(spell(TYPE), 'PTR'), question(spell(META), 'PTR')], 2],
    [
      'shared and unique',
      [question(spell(TYPE), 'PTR'), question(spell(INSTANCE), 'SRV'), question(spell(HOST), 'A')],
      3,
    ],
    [
      'unique alone',
      [question(spell(INSTANCE), 'SRV'), question(spell(INSTANCE), 'TXT'), question(spell(HOST), 'A')],
      3,
    ],
    ['ANY and what is unknown', [question(spell(TYPE), 'ANY'), question(spell(INSTANCE), 'ANY')], 3],
  ] as const)('MULTIPLE QUESTIONS, R135 mq20, R58 multiq: %s, in random order', (_, questions, answers) => {
    const bct = Bct.announced()
    const random = seededRandom(5)
    const replies = Array.from({ length: SAMPLES }, () => answersTo(bct, shuffled(questions, random)))
    expect(replies.every((each) => each.length === 1)).toBe(true)
    expect(replies.flat().every((heard) => recordsOf(heard, 'answers').length === answers)).toBe(true)
    judge(replies.flat().map(({ after }) => after))
  })
})

describe('REPLY AGGREGATION', () => {
  test.each([0, 1, 5, 15, 50, 100])('R141 agg500: two shared questions %i ms apart get one reply', (gap) => {
    // However the first delay was drawn, unless it is over before the second question comes.
    for (let seed = 1; seed <= 20; seed++) {
      const bct = Bct.announced({ seed })
      bct.ask(question(TYPE, 'PTR'))
      const before = responsesOf(bct.listen(gap))
      bct.ask(question(META, 'PTR'))
      const heard = responsesOf(bct.listen(APART))
      if (gap < 20) expect(before).toEqual([])
      expect(before.length + heard.length).toBe(before.length === 0 ? 1 : 2)
      const pointers = [...before, ...heard].flatMap((each) => recordsOf(each, 'answers')).map(({ name }) => name)
      expect(pointers.toSorted()).toEqual([META, TYPE].toSorted())
      expect(heard[0]?.after).toBeLessThanOrEqual(120)
    }
  })

  test('R141 agg500: no answer waits longer than 500 ms for others, however many come', () => {
    const bct = Bct.announced()
    const start = bct.world.now
    for (let i = 0; i < 100; i++) {
      bct.world.clock.at(start + i * 15, () => bct.ask(question(i % 2 === 0 ? TYPE : META, 'PTR')))
    }
    const [first] = responsesOf(bct.listen(5_000))
    expect(first?.after).toBeLessThanOrEqual(620)
  })
})
