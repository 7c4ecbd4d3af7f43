import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/host/ports.ts'
import { encode } from '../../src/wire/encode.ts'
import { a, HOST, instance, ptr, question, srv, TYPE } from '../mdns/records.ts'
import { Rig } from './rig.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const WEB = instance('web')

function within(times: readonly number[], start: number, windows: readonly (readonly [number, number])[]): void {
  expect(times.map((at) => at - start)).toHaveLength(windows.length)
  for (const [i, [least, most]] of windows.entries()) {
    expect((times[i] ?? 0) - start).toBeGreaterThanOrEqual(least)
    expect((times[i] ?? 0) - start).toBeLessThanOrEqual(most)
  }
}

describe('life and refresh', () => {
  test('R95 age: a record goes at the end of its life, counted from its receipt', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.9', { ttl: 10 }))
    const start = rig.now
    rig.runTo(start + 9999)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
    rig.run(1)
    expect(rig.known(HOST, 'A')).toEqual([])
    expect(rig.news).toEqual([
      { at: start, what: '+ 198.18.0.9' },
      { at: start + 10_000, what: '- 198.18.0.9 expired' },
    ])
  })

  test('R96 ref80: a record that is wanted is asked for at 80, 85, 90 and 95 % of its life', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rig = Rig.interested(seed)
      rig.respond(a('198.18.0.9'))
      const start = rig.now
      rig.runTo(start + 119_999)
      within(
        rig.askedAt(HOST, 'A').filter((at) => at > start),
        start,
        [96, 102, 108, 114].map((s) => [s * SECOND, s * SECOND + 2400] as const),
      )
    }
  })

  test('R96 ref80: an answer ends the refreshing, and the life starts again from its receipt', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.9'))
    const start = rig.now
    rig.runTo(start + 105_000)
    rig.respond(a('198.18.0.9'))
    const again = rig.now
    rig.runTo(again + 95_999)
    const asked = rig.askedAt(HOST, 'A').filter((at) => at > start)
    expect(asked).toHaveLength(2)
    rig.runTo(again + 98_400)
    expect(rig.askedAt(HOST, 'A').filter((at) => at > start)).toHaveLength(3)
    expect(rig.news).toHaveLength(1)
  })

  test('R97 refint: what nobody wants is never asked for, and ends in silence', () => {
    const rig = new Rig()
    rig.respond(a('198.18.0.9'), srv(WEB), ptr(WEB, 120))
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
    rig.run(121 * SECOND)
    expect(rig.sent).toEqual([])
    expect(rig.known(HOST, 'A')).toEqual([])
  })

  test('R98 refrand: hosts that hear the same record refresh it at different times', () => {
    const offsets = Array.from({ length: 60 }, (_, seed) => {
      const rig = new Rig({ seed })
      rig.respond(a('198.18.0.9'))
      rig.ask(HOST, 'A')
      rig.run(100 * SECOND)
      return (rig.askedAt(HOST, 'A')[0] ?? 0) - 96_000
    })
    for (const quarter of [0, 1, 2, 3]) {
      const count = offsets.filter((each) => Math.min(3, Math.floor(each / 600)) === quarter).length
      expect(count).toBeGreaterThanOrEqual(6)
      expect(count).toBeLessThanOrEqual(27)
    }
  })

  test.each([1, 2, 3])(
    'R99 refmin: records of %i seconds, announced again and again, draw two questions a second',
    (ttl) => {
      const rig = Rig.interested()
      const start = rig.now
      for (let second = 0; second < 30; second++) {
        rig.respond(a('198.18.0.9', { ttl }), ptr(WEB, ttl))
        rig.run(SECOND * ttl * 0.9)
      }
      const seconds = (rig.now - start) / SECOND
      expect(rig.askedAt(HOST, 'A').length).toBeLessThanOrEqual(2 * seconds)
      expect(rig.askedAt(TYPE, 'PTR').length).toBeLessThanOrEqual(2 * seconds + 6)
      expect(rig.news.map(({ what }) => what)).toEqual(['+ 198.18.0.9', `+ ${WEB}`])
    },
  )

  test('whoever wants an old record has it asked for at once, and then when it is due', () => {
    const rig = new Rig()
    rig.respond(a('198.18.0.9'))
    rig.run(110 * SECOND)
    rig.ask(HOST, 'A')
    rig.run(9 * SECOND)
    within(rig.askedAt(HOST, 'A'), 0, [
      [110_000, 110_000],
      [114_000, 116_400],
    ])
  })

  test('R332 zclock, goal 46: after a long sleep what nobody confirms goes, and nothing spins', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.9'), ptr(WEB), ptr(instance('other'), 20))
    const { clock } = rig.world
    let steps = 0
    const step = clock.step.bind(clock)
    clock.step = (limit) => {
      steps++
      return step(limit)
    }
    // As a suspended process: nothing runs until the alarm of an instant that is long past.
    const asleep = 4_400 * SECOND
    const [now, at] = [clock.now.bind(clock), clock.at.bind(clock)]
    const later: Pick<Clock, 'now' | 'at'> = { now: () => now() + asleep, at: (when, run) => at(when - asleep, run) }
    at(now(), () => Object.assign(clock, later))
    const run = (ms: number) => rig.runTo(now() + ms)
    const before = rig.askedAt(TYPE, 'PTR').length
    run(5 * SECOND)
    expect(rig.askedAt(TYPE, 'PTR').length).toBeGreaterThan(before)
    rig.peer.send(encode({ response: true, answers: [ptr(WEB)] }))
    run(10 * SECOND)
    expect(steps).toBeLessThan(100)
    expect(rig.known(HOST, 'A')).toEqual([])
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
  })

  test('R101 minttl: the life of a record is never lengthened', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB, 20))
    const start = rig.now
    rig.run(MINUTE)
    expect(rig.news.at(-1)).toEqual({ at: start + 20_000, what: `- ${WEB} expired` })
  })

  test('R53 ttlu, goal 46: a TTL of 68 years lasts 75 minutes, one with its top bit set is a goodbye', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB, 0x7fffffff), ptr(instance('x'), 0x80000000), ptr(instance('y'), 0xffffffff))
    const start = rig.now
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
    const asked = rig.askedAt(TYPE, 'PTR').length
    rig.runTo(start + 4_499_999)
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
    rig.run(1)
    expect(rig.known(TYPE, 'PTR')).toEqual([])
    expect(rig.askedAt(TYPE, 'PTR').length - asked).toBeLessThan(20)
  })
})

describe('goodbye', () => {
  test('R102 gb1s: a record stays for a second after its goodbye', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB))
    rig.run(5 * SECOND)
    rig.respond(ptr(WEB, 0))
    const start = rig.now
    rig.run(999)
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
    rig.run(1)
    expect(rig.news.at(-1)).toEqual({ at: start + SECOND, what: `- ${WEB} goodbye` })
  })

  test('R102 gb1s: another holder of the record can save it', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB))
    rig.respond(ptr(WEB, 0))
    rig.run(500)
    rig.respond(ptr(WEB))
    rig.run(MINUTE)
    expect(rig.news.map(({ what }) => what)).toEqual([`+ ${WEB}`])
  })

  test('R103 gbunk: the goodbye of a record that is not known is nothing', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB, 0))
    rig.run(2 * SECOND)
    expect(rig.host.inspect().links[0]?.cached).toBe(0)
    rig.respond(ptr(WEB))
    expect(rig.news.map(({ what }) => what)).toEqual([`+ ${WEB}`])
  })

  test('R104 gbrdata, R106 flushadd: it ends no other record of the set', () => {
    const rig = Rig.interested()
    const names = ['x', 'y', 'z'].map(instance)
    for (const name of names) rig.respond(ptr(name))
    rig.respond(ptr(instance('Y'), 0))
    rig.run(2 * SECOND)
    expect(rig.known(TYPE, 'PTR')).toEqual([names[0], names[2]])
    expect(rig.news.filter(({ what }) => what.startsWith('-')).map(({ what }) => what)).toEqual([
      `- ${names[1]} goodbye`,
    ])
  })
})

describe('cache flush', () => {
  test('R105 flush1s: a unique record ends those of the set that are older than a second', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.1'))
    const start = rig.now
    rig.run(5 * SECOND)
    rig.respond(a('198.18.0.2'))
    rig.run(999)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.1', '198.18.0.2'])
    rig.run(1)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.2'])
    expect(rig.news.at(-1)).toEqual({ at: start + 6 * SECOND, what: '- 198.18.0.1 superseded' })
  })

  test('R105 flush1s: those that are younger stay', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.1'))
    rig.run(500)
    rig.respond(a('198.18.0.2'))
    rig.run(10 * SECOND)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.1', '198.18.0.2'])
  })

  test('R105 flush1s: all members of one announcement stay, however often it is repeated', () => {
    const rig = Rig.interested()
    const all = [a('198.18.0.1'), a('198.18.0.2'), a('198.18.0.3')]
    for (let i = 0; i < 5; i++) {
      rig.respond(...all)
      rig.run(7 * SECOND)
    }
    expect(rig.news.map(({ what }) => what)).toEqual(['+ 198.18.0.1', '+ 198.18.0.2', '+ 198.18.0.3'])
  })

  test('R106 flushadd: a shared record is added', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB))
    rig.run(5 * SECOND)
    rig.respond(ptr(instance('y')))
    rig.run(5 * SECOND)
    expect(rig.known(TYPE, 'PTR')).toHaveLength(2)
  })

  test('R107 flushshort: it only ever shortens a life', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.1', { ttl: 10 }))
    const start = rig.now
    rig.run(9_700)
    rig.respond(a('198.18.0.2'))
    rig.run(SECOND)
    expect(rig.news.at(-1)).toEqual({ at: start + 10_000, what: '- 198.18.0.1 expired' })
  })

  test('R108 flushsect: records in the additional section flush as well', () => {
    const rig = new Rig()
    rig.ask(WEB, 'SRV')
    rig.respond(srv(WEB, { port: 1 }))
    rig.run(5 * SECOND)
    rig.say({ response: true, additionals: [srv(WEB, { port: 2 })] })
    rig.run(SECOND)
    expect(rig.known(WEB, 'SRV')).toEqual([2])
  })

  test('R109 flushnq, R91 kanocache: records in a query neither flush nor are learned', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.1'))
    rig.run(5 * SECOND)
    const others = [a('198.18.0.2'), ptr(WEB)]
    rig.say({ questions: [question(HOST, 'ANY')], answers: others, authorities: others, additionals: others })
    rig.run(5 * SECOND)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.1'])
    expect(rig.known(TYPE, 'PTR')).toEqual([])
  })
})
