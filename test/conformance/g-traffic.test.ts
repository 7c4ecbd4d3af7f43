import { describe, expect, test } from 'vitest'
import { Cache } from '../../src/mdns/cache.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { Matters } from '../../src/mdns/matters.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, HOST, instance, ptr, question, rdata, srv, TYPE } from '../mdns/records.ts'
import { type Asked, Rig } from './rig.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
const X = instance('x')
const Y = instance('y')
const Z = instance('z')

/** A host that browses, to which its first question was answered with these. */
function browsing(...answers: readonly Rr[]): Rig {
  const rig = new Rig()
  rig.ask(TYPE, 'PTR')
  rig.run(500)
  rig.respond(...answers)
  return rig
}

function last(asked: readonly Asked[]): Asked {
  const found = asked.at(-1)
  if (found === undefined) throw new Error('nothing was asked')
  return found
}

/** The instances in the answer section of the last question for the type. */
function listed(rig: Rig): readonly (string | number)[] {
  return last(rig.asked(TYPE, 'PTR')).message.answers.map(rdata).sort()
}

/** When the question after this instant is due. */
function dueAfter(at: number): number {
  const twin = new Rig()
  twin.ask(TYPE, 'PTR')
  twin.run(at + HOUR)
  return twin.askedAt(TYPE, 'PTR').find((each) => each > at) ?? Number.NaN
}

describe('known answers', () => {
  test('R84 kasend, R86 kaflush: what is known goes along, with the life that it has left and no flush bit', () => {
    const rig = browsing(ptr(X), ptr(Y), ptr(Z))
    const start = rig.now
    rig.run(60 * SECOND)
    const { at, message } = last(rig.asked(TYPE, 'PTR'))
    const ttl = Math.floor(4500 - (at - start) / SECOND)
    expect(at - start).toBeGreaterThan(30 * SECOND)
    expect(message.answers).toEqual([ptr(X, ttl), ptr(Y, ttl), ptr(Z, ttl)])
  })

  test('R85 kahalf: not with less than half of its life', () => {
    const rig = browsing(ptr(X, 4000), ptr(Y, 4500))
    rig.run(2047 * SECOND)
    // The twelfth question leaves 2,047 seconds after the first: 51 % of the one life, 45 % of the other.
    expect(rig.askedAt(TYPE, 'PTR')).toHaveLength(12)
    expect(listed(rig)).toEqual([Y])
  })

  test('R87 kauniq: unique records are never listed, shared ones of any type are', () => {
    const rig = new Rig()
    rig.ask(HOST, 'A')
    rig.run(500)
    rig.respond(a('198.18.0.8', { flush: false }), a('198.18.0.9', { flush: false }))
    rig.run(SECOND)
    expect(last(rig.asked(HOST, 'A')).message.answers.map(rdata)).toEqual(['198.18.0.8', '198.18.0.9'])
    const cache = new Cache('lan/4', { random: seededRandom(1), limits: LIMITS, matters: new Matters() })
    cache.put(srv(X), 0)
    cache.put(srv(X, { flush: false, port: 2 }), 0)
    expect(cache.knownAnswers({ name: X, type: 'SRV' }, false, SECOND).map(rdata)).toEqual([2])
  })

  test('R88 kafresh: nor is what has said goodbye', () => {
    const rig = browsing(ptr(X), ptr(Y), ptr(Z))
    const due = dueAfter(rig.now)
    rig.runTo(due - 500)
    rig.respond(ptr(Y, 0))
    rig.runTo(due)
    expect(listed(rig)).toEqual([X, Z])
  })

  test('R88 kafresh: nor what is doubted, however short its life', () => {
    const cache = new Cache('lan/4', { random: seededRandom(1), limits: LIMITS, matters: new Matters() })
    cache.put(ptr(X, 6), 0)
    cache.put(ptr(Y, 6), 0)
    cache.reconfirm({ interest: { name: TYPE, type: 'PTR' }, target: X }, 0)
    expect(cache.knownAnswers({ name: TYPE, type: 'PTR' }, false, 0).map(rdata)).toEqual([Y])
  })

  test('R100 refka: a refresh lists the young records of the set, not those that it is for', () => {
    const rig = browsing(ptr(X, 100))
    const start = rig.now
    rig.runTo(start + 65 * SECOND)
    rig.respond(ptr(Y, 100), ptr(Z, 100))
    const before = rig.askedAt(TYPE, 'PTR').length
    rig.runTo(start + 82 * SECOND)
    expect(rig.askedAt(TYPE, 'PTR')).toHaveLength(before + 1)
    expect(listed(rig)).toEqual([Y, Z])
  })

  test('R89 kaiface: on each link what was heard there', () => {
    const rig = new Rig()
    const lab = rig.world.network('lab')
    rig.world.transport(rig.host).connect(lab, { addresses: lab.freshAddresses([4]) })
    const there = rig.world.peer({ network: lab })
    rig.ask(TYPE, 'PTR')
    rig.run(500)
    rig.respond(ptr(X))
    there.send(encode({ response: true, answers: [ptr(Y)] }))
    rig.run(10 * SECOND)
    const asked = rig.asked(TYPE, 'PTR')
    expect(last(asked.filter(({ network }) => network === 'lan')).message.answers.map(rdata)).toEqual([X])
    expect(last(asked.filter(({ network }) => network === 'lab')).message.answers.map(rdata)).toEqual([Y])
    expect(rig.known(TYPE, 'PTR')).toEqual([X, Y])
  })

  test('R90 tcsend: a hundred known answers leave at once in datagrams that are truncated but for the last', () => {
    const names = Array.from({ length: 100 }, (_, i) => instance(`${i} ${'n'.repeat(57)}`))
    const rig = browsing()
    for (const name of names) rig.respond(ptr(name))
    const before = rig.sent.length
    rig.runTo(dueAfter(rig.now))
    const parts = rig.sent.slice(before)
    expect(new Set(parts.map(({ at }) => at)).size).toBe(1)
    expect(parts.map(({ message }) => message.questions.length)).toEqual(parts.map((_, i) => (i === 0 ? 1 : 0)))
    expect(parts.map(({ message }) => message.truncated)).toEqual(parts.map((_, i) => i < parts.length - 1))
    expect(parts.length).toBeGreaterThan(3)
    for (const { bytes } of parts) expect(bytes.length).toBeLessThanOrEqual(1252)
    expect(parts.flatMap(({ message }) => message.answers.map(rdata)).sort()).toEqual([...names].sort())
  })
})

describe('questions of others', () => {
  const QUESTION = { questions: [question(TYPE, 'PTR')] }

  /** Has somebody else ask one second before the next question of the host, which knows X and Y; was it asked? */
  function asksAfter(act: (rig: Rig) => void, early = SECOND): boolean {
    const rig = browsing(ptr(X), ptr(Y))
    rig.run(10 * SECOND)
    const due = dueAfter(rig.now)
    rig.runTo(due - early)
    act(rig)
    const before = rig.askedAt(TYPE, 'PTR').length
    rig.runTo(due + 500)
    return rig.askedAt(TYPE, 'PTR').length > before
  }

  test('R92 dupq: the same question, knowing no more than we do, stands in for ours', () => {
    expect(asksAfter((rig) => rig.say(QUESTION))).toBe(false)
    expect(asksAfter((rig) => rig.say({ ...QUESTION, answers: [ptr(X)] }))).toBe(false)
    expect(asksAfter((rig) => rig.say({ questions: [question(X, 'SRV'), question(TYPE, 'PTR')] }))).toBe(false)
    expect(asksAfter(() => {})).toBe(true)
  })

  test.each<[string, (rig: Rig) => void]>([
    ['knows what we do not', (rig) => rig.say({ ...QUESTION, answers: [ptr(X), ptr(Z)] })],
    ['wants unicast answers', (rig) => rig.say({ questions: [question(TYPE, 'PTR', true)] })],
    ['is not over yet', (rig) => rig.say({ ...QUESTION, truncated: true })],
    ['is for another class', (rig) => rig.say({ questions: [{ ...question(TYPE, 'PTR'), class: 255 }] })],
    ['is for another type', (rig) => rig.say({ questions: [question(TYPE, 'ANY')] })],
    ['is from a plain resolver', (rig) => rig.say(QUESTION, { from: { port: 40_000 } })],
    ['is for this host alone', (rig) => rig.say(QUESTION, { to: rig.world.endpoint(rig.host) })],
    ['is a response', (rig) => rig.say({ ...QUESTION, response: true })],
  ])('R92 dupq, R93 dupqiface: a question that %s does not', (_, act) => {
    expect(asksAfter(act)).toBe(true)
  })

  test('R94 dupqlim: only a question that is due within a second is skipped', () => {
    expect(asksAfter((rig) => rig.say(QUESTION), 1001)).toBe(true)
  })

  test('R93 dupqiface: one family does not stand in for the other', () => {
    const rig = new Rig({ families: [4, 6] })
    rig.ask(TYPE, 'PTR')
    rig.say(QUESTION, { family: 6 })
    rig.run(500)
    expect(rig.asked(TYPE, 'PTR', 4)).toHaveLength(1)
    expect(rig.asked(TYPE, 'PTR', 6)).toHaveLength(0)
  })

  test('R93 dupqiface, R17 ownecho, goal 37: an echo of our own does not count', () => {
    for (const from of [undefined, '198.18.0.1']) {
      for (const delay of [0, 5, 50, 300, 1500]) {
        const rig = new Rig()
        rig.peer.onHear = ({ bytes }) => {
          rig.world.clock.at(rig.now + delay, () => rig.peer.send(bytes, from ? { from: { address: from } } : {}))
        }
        rig.ask(TYPE, 'PTR')
        rig.run(40 * SECOND)
        const times = rig.askedAt(TYPE, 'PTR')
        expect(
          times.slice(1).map((at, i) => Math.round(at - (times[i] ?? 0))),
          `${delay}`,
        ).toEqual([1, 2, 4, 8, 16].map((s) => s * SECOND))
      }
    }
  })

  test('R94 dupqlim: whoever asks all the time does not silence us, and then we go on as before', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    for (let i = 0; i < 7200; i++) {
      rig.say(QUESTION)
      rig.run(500)
    }
    const during = rig.askedAt(TYPE, 'PTR')
    expect(during.length).toBeGreaterThanOrEqual(5)
    expect(during.length).toBeLessThanOrEqual(13)
    rig.run(HOUR)
    expect(rig.askedAt(TYPE, 'PTR').length).toBeGreaterThan(during.length)
  })
})
