import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Rr } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  HOST,
  INSTANCE,
  Lab,
  opaque,
  question,
  recordsOf,
  replyTo,
  responsesOf,
  TYPE,
  text,
} from './lab.ts'

const TARGET = nameFromText('web.local')

const nsec = (name: Rr['name'], types: readonly Rr['type'][], ttl = 120) => {
  return { type: 'NSEC', name, class: CLASS_IN, flush: true, ttl, next: name, types }
}

describe('negative answers', () => {
  test('R158 nsecmust, R160 nsecbits, R161 nsecowner, R168 nsecsect: for each name the types that it has', () => {
    expect(replyTo(question(HOST, 'AAAA')).answers).toEqual([nsec(HOST, ['A'])])
    expect(replyTo(question(HOST, 'TYPE13')).answers).toEqual([nsec(HOST, ['A'])])
    expect(replyTo(question(INSTANCE, 'A')).answers).toEqual([nsec(INSTANCE, ['TXT', 'SRV'])])
    expect(replyTo(question(INSTANCE, 'PTR')).answers).toEqual([nsec(INSTANCE, ['TXT', 'SRV'])])
  })

  test('R159 nsecform: one window 0, no zero bytes at its end', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'A'))
    const [reply] = responsesOf(lab.listen(100))
    // Window 0, five bytes, of which bit 16 is TXT and bit 33 is SRV; and nothing after it.
    expect(
      Buffer.from(reply?.bytes ?? [])
        .toString('hex')
        .endsWith('00050000800040'),
    ).toBe(true)
  })

  test('R162 nsec255: none where a type does not fit the restricted form', () => {
    const records = (): readonly Rr[] => [opaque(TARGET, 65_280), text(TARGET)]
    expect(replyTo(question(TARGET, 'TYPE13'), { publications: [{ id: 'odd', needsHost: false, records }] })).toEqual({
      answers: [],
      additionals: [],
    })
  })

  test('R164 nsecflush: a denial is ours alone, by multicast and by unicast; plain resolvers get none', () => {
    const lab = Lab.settled()
    lab.ask(question(HOST, 'AAAA'))
    lab.ask(question(INSTANCE, 'A', true))
    lab.ask(question(HOST, 'AAAA'), {}, { from: { port: 40_000 } })
    const heard = lab.listen(1_000)
    const denials = heard.flatMap((each) => recordsOf(each)).filter(({ type }) => type === 'NSEC')
    expect(heard.map(({ viaGroup, port }) => [viaGroup, port])).toContainEqual([false, 40_000])
    expect(denials).toEqual(expect.arrayContaining([nsec(HOST, ['A']), nsec(INSTANCE, ['TXT', 'SRV'])]))
    expect(denials.filter(({ flush }) => !flush)).toEqual([])
  })

  test('R165 nseconly: none for shared names', () => {
    for (const type of ['AAAA', 'SRV', 'TXT'] as const) expect(replyTo(question(TYPE, type)).answers).toEqual([])
  })

  test('R166 nsecadd, R167 nsecdual: denied is only the family that the host does not have', () => {
    expect(replyTo(question(INSTANCE, 'SRV')).additionals).toContainEqual(nsec(HOST, ['A']))
    const dual = replyTo(question(INSTANCE, 'SRV'), { families: [4, 6] }, 6).additionals
    expect(dual.map(({ type }) => type)).toEqual(['A', 'AAAA', 'AAAA'])
    expect(replyTo(question(HOST, 'A'), { families: [4, 6] }, 6).answers).toEqual([a(HOST, ADDRESS)])
  })
})
