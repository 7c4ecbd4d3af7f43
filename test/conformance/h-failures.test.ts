import { describe, expect, test } from 'vitest'
import { Failures } from '../../src/mdns/failures.ts'
import { RrSet } from '../../src/mdns/rr-set.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Message } from '../../src/wire/types.ts'
import { a, HOST, instance, ptr, question, srv, TYPE } from '../mdns/records.ts'
import { Rig } from './rig.ts'

const SECOND = 1_000
const WEB = instance('web')
const PRINTER = instance('printer')
const QUESTION = question(TYPE, 'PTR')

/** A host that heard of two services some time ago, and has no question of its own to ask for a while. */
function informed(): Rig {
  const rig = new Rig()
  rig.ask(TYPE, 'PTR')
  rig.run(500)
  rig.respond(ptr(WEB), ptr(PRINTER))
  rig.run(130 * SECOND)
  return rig
}

function known(rig: Rig): readonly (string | number)[] {
  return rig.known(TYPE, 'PTR')
}

/** Another host asks `times` times, a second apart. */
function askTimes(rig: Rig, times: number, message: Partial<Message> = {}): void {
  for (let i = 0; i < times; i++) {
    if (i > 0) rig.run(SECOND)
    rig.say({ questions: [QUESTION], ...message })
  }
}

describe('passive observation of failures', () => {
  test('R114 poof: what two questions of others do not bring is gone in ten seconds, without one of ours', () => {
    const rig = informed()
    const sent = rig.sent.length
    askTimes(rig, 2)
    const second = rig.now
    rig.run(9_999)
    expect(known(rig)).toEqual([PRINTER, WEB])
    expect(rig.sent).toHaveLength(sent)
    rig.run(1)
    expect(known(rig)).toEqual([])
    expect(rig.news.slice(2)).toEqual([
      { at: second + 10 * SECOND, what: `- ${WEB} expired` },
      { at: second + 10 * SECOND, what: `- ${PRINTER} expired` },
    ])
  })

  test('R114 poof: nor is anything asked afterwards, for what nobody here wants', () => {
    const rig = new Rig()
    rig.respond(a('198.18.0.9'))
    rig.run(5 * SECOND)
    askTimes(rig, 2, { questions: [question(nameFromText(HOST.toUpperCase()), 'A')] })
    rig.run(60 * SECOND)
    expect(rig.known(HOST, 'A')).toEqual([])
    expect(rig.sent).toEqual([])
  })

  test('R114 poof: what is answered stays, also if other members of its set are not', () => {
    const rig = informed()
    askTimes(rig, 2)
    rig.run(100)
    rig.respond(ptr(WEB))
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([WEB])
  })

  test('R114 poof: a record that is nearer to its end than ten seconds keeps its end', () => {
    const rig = new Rig()
    rig.respond(srv(WEB, { ttl: 8 }))
    rig.run(2 * SECOND)
    askTimes(rig, 2, { questions: [question(WEB, 'SRV')] })
    rig.run(4_999)
    expect(rig.known(WEB, 'SRV')).toHaveLength(1)
    rig.run(1)
    expect(rig.known(WEB, 'SRV')).toEqual([])
  })

  test('R116 pooffix: an answer at five seconds keeps it, and the counting starts over', () => {
    const rig = informed()
    askTimes(rig, 2)
    rig.run(5 * SECOND)
    rig.respond(ptr(WEB), ptr(PRINTER))
    rig.run(2 * SECOND)
    askTimes(rig, 1)
    rig.run(60 * SECOND)
    expect(known(rig)).toEqual([PRINTER, WEB])
  })

  test('R116 pooffix: a sight between the two questions does as well', () => {
    const rig = informed()
    askTimes(rig, 1)
    rig.run(500)
    rig.respond(ptr(WEB))
    rig.run(2 * SECOND)
    askTimes(rig, 1)
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([WEB])
  })

  test('R88 kafresh: until then it is no known answer any more, so that its owner would answer us', () => {
    const rig = new Rig()
    rig.respond(ptr(WEB))
    rig.run(5 * SECOND)
    askTimes(rig, 2)
    rig.ask(TYPE, 'PTR')
    rig.run(SECOND)
    expect(rig.asked(TYPE, 'PTR').map(({ message }) => message.answers)).toEqual([[]])
  })
})

describe('R115 poofneg: what does not count, five times in a row', () => {
  test.each([
    ['a QU question', { questions: [question(TYPE, 'PTR', true)] }],
    ['a query that lists the records as known', { answers: [ptr(WEB), ptr(PRINTER, 1)] }],
    ['a query whose known answers go on elsewhere', { truncated: true }],
    ['a question for all types', { questions: [question(TYPE, 'ANY')] }],
    ['a question of another class', { questions: [{ ...QUESTION, class: 3 }] }],
    ['a probe', { authorities: [ptr(WEB)] }],
  ])('%s', (_, message) => {
    const rig = informed()
    askTimes(rig, 5, message)
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([PRINTER, WEB])
  })

  test.each([
    ['a plain resolver', { from: { port: 40_000 } }],
    ['a query to this host alone', { to: { address: '198.18.0.1', port: 5353 } }],
  ])('%s, as nobody would answer by multicast', (_, send) => {
    const rig = informed()
    for (let i = 0; i < 5; i++) {
      rig.say({ questions: [QUESTION] }, send)
      rig.run(SECOND)
    }
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([PRINTER, WEB])
  })

  test('a query in the other family', () => {
    const rig = new Rig({ families: [4, 6] })
    rig.respond(ptr(WEB))
    rig.run(5 * SECOND)
    for (let i = 0; i < 5; i++) {
      rig.say({ questions: [QUESTION] }, { family: 6 })
      rig.run(SECOND)
    }
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([WEB])
  })

  test('a query of our own, which comes back to us', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    rig.run(500)
    rig.respond(ptr(WEB, 100))
    const start = rig.now
    rig.run(99_999)
    expect(rig.askedAt(TYPE, 'PTR').filter((at) => at > start + 79 * SECOND).length).toBeGreaterThanOrEqual(4)
    expect(known(rig)).toEqual([WEB])
    rig.run(1)
    expect(known(rig)).toEqual([])
  })

  test('a query from before the record was heard', () => {
    const rig = new Rig()
    askTimes(rig, 5)
    rig.respond(ptr(WEB))
    rig.run(2 * SECOND)
    askTimes(rig, 1)
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([WEB])
  })

  test('one of two that lists the record', () => {
    const rig = informed()
    askTimes(rig, 1)
    rig.run(SECOND)
    askTimes(rig, 1, { answers: [ptr(WEB)] })
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([WEB])
  })
})

describe('R329 zpoof: what forged questions achieve', () => {
  test('a thousand questions in less than a second are one', () => {
    const rig = informed()
    for (let i = 0; i < 1_000; i++) {
      rig.say({ questions: [QUESTION] })
      rig.run(0.999)
    }
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([PRINTER, WEB])
  })

  test('nothing within a second of the record’s last sight, as its owner may not repeat it yet', () => {
    const rig = informed()
    rig.respond(ptr(WEB), ptr(PRINTER))
    rig.run(999)
    askTimes(rig, 2)
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([PRINTER, WEB])
  })

  test('nothing if one comes every eleven seconds: the loss of an answer now and then is no failure', () => {
    const rig = informed()
    for (let i = 0; i < 20; i++) {
      askTimes(rig, 1)
      rig.run(10_001)
    }
    expect(known(rig)).toEqual([PRINTER, WEB])
  })

  test('nothing at all while the owner answers: it hears what we hear', () => {
    const rig = informed()
    const owner = rig.world.peer({ families: [4] })
    owner.onHear = ({ bytes }) => {
      if (!(bytes[2] ?? 0)) rig.world.clock.at(rig.now + 100, () => rig.respond(ptr(WEB), ptr(PRINTER)))
    }
    askTimes(rig, 60)
    rig.run(20 * SECOND)
    expect(known(rig)).toEqual([PRINTER, WEB])
    expect(rig.news).toHaveLength(2)
  })

  test('a set is looked through once a second, however often it is asked for', () => {
    const failures = new Failures()
    const set = new RrSet(TYPE, 'PTR')
    let looks = 0
    const known = () => {
      looks++
      return []
    }
    for (let now = 0; now < 10_000; now++) failures.asked(set, known, now)
    expect(looks).toBe(10)
  })
})
