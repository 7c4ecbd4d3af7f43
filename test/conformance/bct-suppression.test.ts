import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import type { Name, Question, Rr } from '../../src/wire/types.ts'
import { Bct, CASES, META } from './bct.ts'
import { type Heard, HOST, INSTANCE, ptr, question, recordsOf, responsesOf, srv, TYPE, unflushed } from './lab.ts'

const TTL = 4_500
const APART = 2_500
/** Ever smaller, as Apple's test has it, and both sides of the half. */
const LIVES = [4_500, 4_499, 4_000, 3_500, 3_000, 2_500, 2_251, 2_250, 2_249, 2_200, 2_000, 1_000, 100, 1, 0]
const isSuppressed = (ttl: number) => 2 * ttl >= TTL

const answered = (heard: readonly Heard[]) => responsesOf(heard).flatMap((each) => recordsOf(each, 'answers'))

describe.each(CASES)('DUPLICATE SUPPRESSION, $written', ({ spell }) => {
  test('R149 kasup, R150 kalow: silent down to half of the life, and not a second further', () => {
    const bct = Bct.announced()
    for (const ttl of LIVES) {
      bct.ask(question(spell(TYPE), 'PTR'), { answers: [ptr(spell(TYPE), spell(INSTANCE), ttl)] })
      const heard = bct.listen(APART)
      expect([ttl, answered(heard)]).toEqual([ttl, isSuppressed(ttl) ? [] : [ptr(TYPE, INSTANCE)]])
      for (const { after } of heard) expect(after).toBeGreaterThanOrEqual(20)
      for (const { after } of heard) expect(after).toBeLessThanOrEqual(125)
    }
  })

  test('R149 kasup: what is known of another instance, or of another type, suppresses nothing', () => {
    const bct = Bct.announced()
    for (const known of [ptr(TYPE, HOST), ptr(META, INSTANCE), ptr(INSTANCE, TYPE)]) {
      bct.ask(question(spell(TYPE), 'PTR'), { answers: [known] })
      expect(answered(bct.listen(APART))).toEqual([ptr(TYPE, INSTANCE)])
    }
  })

  test('R149 kasup: a unique record that is known is not told again either', () => {
    const bct = Bct.announced()
    for (const ttl of [120, 60, 59]) {
      bct.ask(question(spell(INSTANCE), 'SRV'), { answers: [{ ...unflushed(srv(spell(INSTANCE))), ttl }] })
      expect(answered(bct.listen(APART))).toHaveLength(ttl >= 60 ? 0 : 1)
    }
  })
})

/** A question whose known answers come in further packets of the same tester. */
function askInParts(bct: Bct, questions: readonly Question[], parts: readonly (readonly Rr[])[]): readonly Heard[] {
  const start = bct.world.now
  bct.ask(questions, { truncated: true })
  for (const [i, answers] of parts.entries()) {
    const truncated = i < parts.length - 1
    bct.world.clock.at(start + 100 * (i + 1), () => bct.say({ answers, truncated }))
  }
  return bct.listen(APART)
}

describe.each(CASES)('DISTRIBUTED DUPLICATE SUPPRESSION, $written', ({ spell }) => {
  test('R136 tc400, R138 tcmerge, R150 kalow: the known answer comes in the next packet', () => {
    const bct = Bct.announced()
    for (const ttl of LIVES) {
      const heard = askInParts(bct, [question(spell(TYPE), 'PTR')], [[ptr(spell(TYPE), spell(INSTANCE), ttl)]])
      expect([ttl, answered(heard)]).toEqual([ttl, isSuppressed(ttl) ? [] : [ptr(TYPE, INSTANCE)]])
    }
  })

  test('R136 tc400: the answer to what stays unknown comes 400–500 ms after the question, spread evenly', () => {
    const bct = Bct.announced()
    const delays = Array.from({ length: 60 }, () => {
      bct.ask(question(spell(TYPE), 'PTR'), { truncated: true })
      return responsesOf(bct.listen(APART)).map(({ after }) => after)
    }).flat()
    expect(delays).toHaveLength(60)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(400)
    expect(Math.max(...delays)).toBeLessThanOrEqual(500)
    for (const quarter of [0, 1, 2, 3]) {
      expect(delays.filter((delay) => Math.floor((delay - 400) / 25) === quarter).length).toBeGreaterThanOrEqual(6)
    }
  })

  test('R138 tcmerge: over several packets, the last of which has it', () => {
    const bct = Bct.announced()
    const filler = ptr(META, TYPE)
    const known = ptr(spell(TYPE), spell(INSTANCE))
    expect(answered(askInParts(bct, [question(spell(TYPE), 'PTR')], [[filler], [filler], [known]]))).toEqual([])
    expect(answered(askInParts(bct, [question(spell(TYPE), 'PTR')], [[filler], [filler]]))).toHaveLength(1)
  })

  test('R138 tcmerge: what another host knows suppresses nothing', () => {
    const bct = Bct.announced()
    const other = bct.world.peer({ name: 'other', families: [4] })
    bct.ask(question(spell(TYPE), 'PTR'), { truncated: true })
    const from = { address: other.address(4) }
    bct.world.clock.at(bct.world.now + 100, () => bct.say({ answers: [ptr(TYPE, INSTANCE)] }, { from }))
    expect(answered(bct.listen(APART))).toEqual([ptr(TYPE, INSTANCE)])
  })
})

describe.each(CASES)('MULTIPLE QUESTIONS, $written', ({ spell }) => {
  const ASKED: readonly (readonly [Name, Rr])[] = [
    [TYPE, ptr(TYPE, INSTANCE)],
    [META, ptr(META, TYPE)],
  ]
  /** The questions in either order, with a life for each known answer. */
  const rounds = LIVES.flatMap((first) => [4_500, 2_250, 2_249, 0].map((second) => [first, second] as const))
  const random = seededRandom(3)
  const inAnyOrder = (names: readonly Name[]) => (random() < 0.5 ? names : names.toReversed())

  const round = (lives: readonly number[]) => {
    const questions = inAnyOrder(ASKED.map(([name]) => name)).map((name) => question(spell(name), 'PTR'))
    const known = ASKED.map(([name, rr], i) => ({ ...rr, name: spell(name), ttl: lives[i] ?? 0 }))
    const expected = ASKED.filter((_, i) => !isSuppressed(lives[i] ?? 0)).map(([, rr]) => rr)
    return { questions, known, expected }
  }
  const sorted = (records: readonly Rr[]) => records.map(({ name }) => name).toSorted()

  test('DUPLICATE SUPPRESSION, R153 kapart: each question by itself', () => {
    const bct = Bct.announced()
    for (const lives of rounds) {
      const { questions, known, expected } = round(lives)
      bct.ask(questions, { answers: known })
      const heard = bct.listen(APART)
      expect([lives, sorted(answered(heard))]).toEqual([lives, sorted(expected)])
      expect(heard.every(({ after }) => after >= 20 && after <= 125)).toBe(true)
      expect(heard.length).toBeLessThanOrEqual(1)
    }
  })

  test('DISTRIBUTED DUPLICATE SUPPRESSION, R138 tcmerge: each known answer in a packet of its own', () => {
    const bct = Bct.announced()
    for (const lives of rounds) {
      const { questions, known, expected } = round(lives)
      const heard = askInParts(
        bct,
        questions,
        known.map((rr) => [rr]),
      )
      expect([lives, sorted(answered(heard))]).toEqual([lives, sorted(expected)])
    }
  })

  test('DUPLICATE SUPPRESSION, R153 kapart: of a shared and two unique answers those that are known stay away', () => {
    const bct = Bct.announced()
    const questions = [question(spell(INSTANCE), 'SRV'), question(spell(TYPE), 'PTR'), question(spell(HOST), 'A')]
    bct.ask(questions, { answers: [ptr(TYPE, spell(INSTANCE)), unflushed(srv(spell(INSTANCE)))] })
    const heard = bct.listen(APART)
    expect(answered(heard).map(({ type }) => type)).toEqual(['A'])
    expect(heard[0]?.after).toBeGreaterThanOrEqual(20)
  })
})
