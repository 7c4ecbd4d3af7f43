import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/mdns/limits.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Name } from '../../src/wire/types.ts'
import { a, cname, HOST, instance, ptr, srv, TYPE, txt } from '../mdns/records.ts'
import { Rig } from './rig.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const ABSENT = instance('absent')

function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((at, i) => Math.round((at - (times[i] ?? 0)) * 1000) / 1000)
}

/** A host that has long been up, asked for `name` only now. */
function browsing(name: Name = TYPE, seed = 1): Rig {
  const rig = new Rig({ seed })
  rig.run(MINUTE)
  rig.ask(name, 'PTR')
  return rig
}

describe('a series of questions', () => {
  test('R65 first20: the first question is 20 to 120 ms after the start, spread over the range', () => {
    const quarters = [0, 0, 0, 0]
    for (let seed = 0; seed < 120; seed++) {
      const rig = browsing(TYPE, seed)
      rig.run(SECOND)
      const [first = 0, second] = rig.askedAt(TYPE, 'PTR')
      const wait = first - MINUTE
      expect(second).toBeUndefined()
      expect(wait).toBeGreaterThanOrEqual(20)
      expect(wait).toBeLessThanOrEqual(120)
      const quarter = Math.min(3, Math.floor((wait - 20) / 25))
      quarters[quarter] = (quarters[quarter] ?? 0) + 1
    }
    for (const count of quarters) {
      expect(count).toBeGreaterThanOrEqual(12)
      expect(count).toBeLessThanOrEqual(54)
    }
  })

  test('R66 iv1s, R67 iv2x, R68 cap60: a day of asking for what is not there', () => {
    const rig = browsing()
    rig.run(24 * HOUR)
    const intervals = gaps(rig.askedAt(TYPE, 'PTR'))
    expect(intervals.slice(0, 12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048].map((s) => s * SECOND))
    expect(intervals.length).toBeGreaterThan(30)
    expect(intervals.length).toBeLessThan(38)
    for (const interval of intervals.slice(12)) expect(interval).toBe(HOUR)
  })

  test('R69 stopq: after the client stops there is no question, nor a refresh', () => {
    const rig = new Rig()
    const cancel = rig.ask(TYPE, 'PTR')
    rig.run(SECOND)
    rig.respond(ptr(instance('web'), 60))
    cancel()
    const before = rig.sent.length
    rig.run(HOUR)
    expect(rig.sent.length).toBe(before)
    expect(rig.lookup(TYPE, 'PTR')).toEqual([])
  })

  test('R69 stopq: a question that was cancelled before it left is never asked', () => {
    const rig = new Rig()
    const cancel = rig.ask(TYPE, 'PTR')
    rig.run(10)
    cancel()
    rig.run(HOUR)
    expect(rig.sent).toEqual([])
  })

  test('R70 oneper: a second client of the same question changes nothing on the wire', () => {
    const [alone, shared] = [browsing(), browsing()]
    for (const rig of [alone, shared]) {
      rig.run(SECOND)
      rig.respond(ptr(instance('web')))
      rig.run(4 * SECOND)
    }
    const cancel = shared.ask(TYPE, 'PTR')
    expect(shared.known(TYPE, 'PTR')).toEqual([instance('web')])
    for (const rig of [alone, shared]) rig.run(10 * MINUTE)
    cancel()
    for (const rig of [alone, shared]) rig.run(HOUR)
    expect(shared.askedAt(TYPE, 'PTR')).toEqual(alone.askedAt(TYPE, 'PTR'))
    expect(shared.askedAt(TYPE, 'PTR').length).toBeGreaterThan(10)
  })

  test('R71 stopunique, R87 kauniq: a unique answer ends the series until 80 % of its life', () => {
    const rig = new Rig()
    const name = instance('web')
    rig.ask(name, 'SRV')
    rig.run(SECOND / 2)
    expect(rig.askedAt(name, 'SRV')).toHaveLength(1)
    const at = rig.now
    rig.respond(srv(name))
    rig.runTo(at + 95_999)
    expect(rig.askedAt(name, 'SRV')).toHaveLength(1)
    rig.runTo(at + 98_400)
    expect(rig.askedAt(name, 'SRV')).toHaveLength(2)
  })

  test('R71 stopunique: an answer that others may add to does not end it', () => {
    const rig = new Rig()
    const name = instance('web')
    rig.ask(name, 'SRV')
    rig.run(SECOND / 2)
    rig.respond(srv(name, { flush: false }))
    rig.run(10 * SECOND)
    expect(gaps(rig.askedAt(name, 'SRV'))).toEqual([1000, 2000, 4000])
  })

  test('R71 stopunique: when the unique record is gone a new series begins', () => {
    const rig = new Rig()
    const name = instance('web')
    rig.ask(name, 'SRV')
    rig.run(SECOND / 2)
    rig.respond(srv(name))
    rig.run(10 * SECOND)
    rig.respond(srv(name, { ttl: 0 }))
    const gone = rig.now + SECOND
    rig.run(5 * SECOND)
    const [, second = 0, third = 0, fourth = 0] = rig.askedAt(name, 'SRV')
    expect(second - gone).toBeGreaterThanOrEqual(20)
    expect(second - gone).toBeLessThanOrEqual(120)
    expect(gaps([second, third, fourth])).toEqual([1000, 2000])
  })

  test('R87 kauniq: what is cached and unique is not asked for at all', () => {
    const rig = new Rig()
    const name = instance('web')
    rig.respond(srv(name), a('198.18.0.9'))
    rig.ask(name, 'SRV')
    rig.ask(HOST, 'A')
    rig.run(95 * SECOND)
    expect(rig.sent).toEqual([])
    expect(rig.known(name, 'SRV')).toEqual([8080])
  })

  test('R72 multipack, R73 qsame: ten questions at once are one datagram in each family', () => {
    const rig = new Rig({ families: [4, 6] })
    for (let i = 0; i < 10; i++) rig.ask(instance(`${i}`), 'SRV')
    rig.run(SECOND)
    for (const family of [4, 6]) {
      const sent = rig.sent.filter((each) => each.family === family)
      expect(sent).toHaveLength(1)
      expect(sent[0]?.message.questions).toHaveLength(10)
    }
  })

  test('R73 qsame: every question is asked on every network', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    const lab = rig.world.network('lab')
    rig.world.transport(rig.host).connect(lab, { addresses: lab.freshAddresses([4]) })
    rig.ask(ABSENT, 'SRV')
    rig.run(10 * SECOND)
    for (const network of ['lan', 'lab']) {
      const sent = rig.world.transcript.filter((each) => each.network === network)
      expect(sent.length, network).toBe(4)
    }
  })

  test('R74 poll: a busy link draws no more questions than a quiet one', () => {
    const counts = [0, 500].map((perSecond) => {
      const rig = browsing()
      for (let i = 0; i < 10 * perSecond; i++) {
        rig.respond(ptr(instance(`web ${i % 50}`)), srv(instance(`web ${i % 50}`)))
        rig.run(SECOND / perSecond)
      }
      rig.runTo(MINUTE + 10 * SECOND)
      return rig.askedAt(TYPE, 'PTR').length
    })
    expect(counts).toEqual([4, 4])
  })

  test('R75 newiface, R76 quinit, R78 qurep: a new link is asked at once, the first time for unicast answers', () => {
    const rig = browsing()
    rig.run(MINUTE)
    const lab = rig.world.network('lab')
    const start = rig.now
    rig.world.transport(rig.host).connect(lab, { addresses: lab.freshAddresses([4]) })
    rig.run(10 * SECOND)
    const sent = rig.asked(TYPE, 'PTR').filter(({ network }) => network === 'lab')
    expect(sent.map(({ question }) => question.unicast)).toEqual([true, false, false, false])
    expect(sent[0]?.at).toBeGreaterThanOrEqual(start + 20)
    expect(sent[0]?.at).toBeLessThanOrEqual(start + 120)
    expect(gaps(sent.map(({ at }) => at))).toEqual([1000, 2000, 4000])
  })

  test('R16 notfirst: where unicast does not arrive it is not asked for', () => {
    const rig = new Rig({ unicast: false })
    rig.ask(TYPE, 'PTR')
    const lab = rig.world.network('lab')
    rig.world.transport(rig.host).connect(lab, { addresses: lab.freshAddresses([4]), unicast: false })
    rig.host.publish({ id: 'x', needsHost: true, records: ({ host }) => [srv(instance('x'), { target: host })] })
    rig.run(10 * SECOND)
    const questions = rig.sent.flatMap(({ message }) => message.questions)
    expect(questions.length).toBeGreaterThan(8)
    for (const { unicast } of questions) expect(unicast).toBe(false)
  })

  test('R77 qunew, R78 qurep: a question that a client starts later is never for unicast answers', () => {
    const rig = browsing()
    rig.run(MINUTE)
    expect(rig.asked(TYPE, 'PTR').map(({ question }) => question.unicast)).toEqual(Array(6).fill(false))
  })

  test('R4 srcq, R18 idq, R23 aaq, R27 rd: from port 5353, id 0, and no flag but TC', () => {
    const rig = browsing()
    rig.run(MINUTE)
    for (const { from } of rig.world.transcript) expect(from.port).toBe(5353)
    for (const { bytes } of rig.sent) expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 0, 0])
  })
})

describe('many questions', () => {
  test('questionBurst, questionsPerSecond: what is over the allowance waits, shares datagrams and gets asked', () => {
    const rig = new Rig({ limits: { questionBurst: 40, questionsPerSecond: 20 } })
    for (let i = 0; i < 200; i++) rig.ask(instance(`${i}`), 'SRV')
    const perSecond: number[] = []
    for (let second = 0; second < 12; second++) {
      rig.run(SECOND)
      const sent = rig.sent.filter(({ at }) => at > second * SECOND)
      perSecond.push(sent.flatMap(({ message }) => message.questions).length)
      expect(sent.length, `second ${second}`).toBeLessThanOrEqual(7)
    }
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(60)
    for (const count of perSecond.slice(1)) expect(count).toBeLessThanOrEqual(21)
    for (let i = 0; i < 200; i++) expect(rig.askedAt(instance(`${i}`), 'SRV').length, `${i}`).toBeGreaterThan(0)
  })

  test('goal 39: a thousand records with lives of one to five seconds draw at most five datagrams a second', () => {
    const rig = new Rig()
    const names = Array.from({ length: 1000 }, (_, i) => instance(`${i}`))
    const announce = () => {
      for (const [i, name] of names.entries()) rig.peer.send(encoded(srv(name, { ttl: 1 + (i % 5) })))
    }
    announce()
    rig.run(1)
    for (const name of names) rig.ask(name, 'SRV')
    for (let second = 0; second < 20; second++) {
      rig.run(SECOND)
      announce()
    }
    rig.run(0)
    const late = rig.sent.filter(({ at }) => at > 5 * SECOND)
    expect(late.length / 15).toBeLessThanOrEqual(5)
    const questions = late.flatMap(({ message }) => message.questions)
    expect(questions.length / 15).toBeLessThanOrEqual(152)
  })

  test.each([
    ['nobody asks for', ABSENT],
    ['are asked for', TYPE],
  ])('goal 14: thirty thousand pointers that %s draw no question of their own', (_, owner) => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    rig.run(SECOND)
    const before = rig.askedAt(TYPE, 'PTR').length
    for (let i = 0; i < 100; i++) {
      const pointers = Array.from({ length: 300 }, (_, n) => ptr(instance(`${i} ${n}`), 4500, owner))
      rig.respond(...pointers)
    }
    expect(rig.lookup(owner, 'PTR')).toHaveLength(owner === TYPE ? LIMITS.pointers : LIMITS.cachedUnasked)
    rig.run(5 * SECOND)
    expect(rig.askedAt(TYPE, 'PTR').length - before).toBe(2)
    expect(rig.asked(ABSENT, 'PTR')).toEqual([])
  })
})

test('goal 15: names that point to themselves and to each other end nothing and start nothing', () => {
  const rig = new Rig()
  const [x, y] = [instance('x'), instance('y')]
  rig.ask(x, 'CNAME')
  rig.ask(x, 'SRV')
  for (let ttl = 1; ttl <= 10; ttl++) {
    rig.respond(cname(x, x, ttl), cname(x, y, ttl), cname(y, x, ttl), srv(x, { ttl, target: x }), txt(y, { ttl }))
    rig.run(ttl * SECOND)
  }
  rig.run(MINUTE)
  expect(rig.lookup(x, 'CNAME')).toEqual([])
  expect(rig.sent.length).toBeLessThan(60)
})

function encoded(rr: ReturnType<typeof srv>): Uint8Array {
  return encode({ response: true, answers: [rr] })
}
