import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, HOST, instance, nsec, ptr, srv, TYPE, txt } from '../mdns/records.ts'
import { Rig } from './rig.ts'

const SECOND = 1000
const WEB = instance('web')

describe('what goes missing', () => {
  test('R111 topo: five seconds after the link all goes that was heard on it', () => {
    const rig = Rig.interested()
    rig.respond(ptr(WEB), a('198.18.0.9'))
    rig.world.transport(rig.host).disconnect(rig.world.lan)
    const gone = rig.now + 5 * SECOND
    rig.runTo(gone - 1)
    expect(rig.news).toHaveLength(2)
    rig.runTo(gone)
    expect(rig.news.slice(2)).toEqual([
      { at: gone, what: '- 198.18.0.9 link-gone' },
      { at: gone, what: `- ${WEB} link-gone` },
    ])
    expect(rig.known(TYPE, 'PTR')).toEqual([])
  })

  test('R112 reconf: a doubted record is asked about, and goes if it is not heard again', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.9'))
    rig.run(5 * SECOND)
    const start = rig.now
    rig.host.reconfirm(HOST, 'A')
    rig.run(10 * SECOND)
    const asked = rig.askedAt(HOST, 'A').filter((at) => at >= start)
    expect(asked.filter((at) => at <= start + 4 * SECOND).map((at) => at - start)).toEqual([0, 1000, 2000, 3000])
    expect(rig.news.at(-1)).toEqual({ at: start + 4 * SECOND, what: '- 198.18.0.9 unconfirmed' })
  })

  test('R112 reconf: an answer keeps it, and ends the asking', () => {
    const rig = Rig.interested()
    rig.respond(a('198.18.0.9'))
    rig.run(5 * SECOND)
    const start = rig.now
    rig.host.reconfirm(HOST, 'A')
    rig.run(1_500)
    rig.respond(a('198.18.0.9'))
    rig.run(10 * SECOND)
    expect(rig.askedAt(HOST, 'A').filter((at) => at >= start)).toHaveLength(2)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
    expect(rig.news).toHaveLength(1)
  })

  test('R112 reconf: it works for what nobody asks for, and a doubt on top of a doubt changes nothing', () => {
    const rig = new Rig()
    rig.respond(a('198.18.0.9'))
    rig.host.reconfirm(HOST, 'A')
    rig.run(2_500)
    rig.host.reconfirm(HOST, 'A')
    rig.run(10 * SECOND)
    expect(rig.askedAt(HOST, 'A')).toEqual([0, 1000, 2000, 3000])
    expect(rig.known(HOST, 'A')).toEqual([])
  })

  test('R117 negcache: an NSEC record ends the series of the types that it denies, for its own life', () => {
    const rig = new Rig()
    rig.ask(HOST, 'AAAA')
    rig.run(500)
    rig.respond(nsec(HOST, ['A']))
    const start = rig.now
    rig.runTo(start + 120 * SECOND)
    expect(rig.askedAt(HOST, 'AAAA')).toHaveLength(1)
    rig.run(2 * SECOND)
    expect(rig.askedAt(HOST, 'AAAA').length).toBeGreaterThan(1)
  })

  test('R169 nsecrx: it counts whatever name it gives as the next', () => {
    for (const next of [nameFromText('\\000.printer.local'), WEB]) {
      const rig = new Rig()
      rig.ask(HOST, 'AAAA')
      rig.run(500)
      rig.respond({ ...nsec(HOST, ['A']), next } as Rr)
      rig.run(60 * SECOND)
      expect(rig.askedAt(HOST, 'AAAA')).toHaveLength(1)
    }
  })

  test('R71 stopunique: the goodbye of a unique record is no answer to a question', () => {
    const rig = new Rig()
    rig.ask(WEB, 'SRV')
    rig.run(500)
    rig.respond(srv(WEB, { ttl: 0 }))
    rig.run(2 * SECOND)
    expect(rig.askedAt(WEB, 'SRV')).toHaveLength(2)
  })

  test('R71 stopunique: a record that has said goodbye is no answer for whoever asks now', () => {
    const rig = new Rig()
    rig.respond(srv(WEB))
    rig.respond(srv(WEB, { ttl: 0 }))
    rig.ask(WEB, 'SRV')
    rig.run(500)
    expect(rig.askedAt(WEB, 'SRV')).toHaveLength(1)
  })

  test('R117 negcache: it says nothing about a type that it lists, nor about a record that is there', () => {
    const rig = new Rig()
    rig.ask(HOST, 'AAAA')
    rig.ask(HOST, 'A')
    rig.run(500)
    rig.respond(a('198.18.0.9', { flush: false }), nsec(HOST, ['AAAA']))
    rig.run(2 * SECOND)
    expect(rig.askedAt(HOST, 'AAAA').length).toBeGreaterThan(1)
    expect(rig.askedAt(HOST, 'A').length).toBeGreaterThan(1)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
  })
})

test.each([10, 120])('a shared record of %i s that runs out begins a new series, a second after the last', (ttl) => {
  const rig = Rig.interested()
  rig.respond(ptr(WEB, ttl), ptr(instance('other')))
  const gone = rig.now + ttl * SECOND
  rig.runTo(gone + 10 * SECOND)
  const asked = rig.askedAt(TYPE, 'PTR')
  const again = asked.filter((at) => at >= gone)
  const [first = 0, second = 0, third = 0] = again
  expect(first - gone).toBeLessThan(SECOND)
  expect(first - Math.max(...asked.filter((at) => at < gone))).toBeGreaterThanOrEqual(SECOND)
  expect([second - first, third - second, again.length]).toEqual([SECOND, 2 * SECOND, 4])
  expect(rig.news.at(-1)?.what).toBe(`- ${WEB} expired`)
})

test('a shared record that said goodbye is not asked for anew', () => {
  const rig = Rig.interested()
  rig.run(300 * SECOND)
  rig.respond(ptr(WEB))
  rig.respond(ptr(WEB, 0))
  const from = rig.now
  rig.run(30 * SECOND)
  expect(rig.news.at(-1)?.what).toBe(`- ${WEB} goodbye`)
  expect(rig.askedAt(TYPE, 'PTR').filter((at) => at >= from)).toEqual([])
})

test('an NSEC record does not have to make room while what it denies is asked for', () => {
  const rig = new Rig({ limits: { cachedUnasked: 3 } })
  rig.ask(HOST, 'AAAA')
  rig.run(500)
  rig.respond(nsec(HOST, ['A']))
  rig.run(SECOND)
  expect(rig.askedAt(HOST, 'AAAA')).toHaveLength(1)
  for (let i = 0; i < 3; i++) rig.respond(txt(instance(`${i}`)))
  rig.run(SECOND)
  expect(rig.askedAt(HOST, 'AAAA')).toHaveLength(1)
  expect(rig.lookup(HOST, 'NSEC')).toHaveLength(1)
})

describe('what is worth keeping', () => {
  test('R32 uncorr, R110 cacheopp: what nobody asked for is there for whoever asks later', () => {
    const rig = new Rig()
    rig.respond(ptr(WEB), srv(WEB), txt(WEB), a('198.18.0.9'))
    rig.run(10 * SECOND)
    expect(rig.known(WEB, 'SRV')).toEqual([8080])
    expect(rig.lookup(WEB, 'TXT')).toHaveLength(1)
  })

  test.each(['www.example.com', 'example\\.local', 'local.example', '1.2.3.198.in-addr.arpa', '1254.169.in-addr.arpa'])(
    'R60 scope: %s is not to be learned from the link',
    (text) => {
      const rig = new Rig()
      rig.respond(a('198.18.0.9', { name: nameFromText(text) }))
      expect(rig.host.inspect().links[0]?.cached).toBe(0)
    },
  )

  test.each(['a.local', 'A.LOCAL', 'local', '9.8.254.169.in-addr.arpa', '1.0.8.E.F.ip6.arpa', 'b.e.f.ip6.arpa'])(
    'R60 scope: %s is',
    (text) => {
      const rig = new Rig()
      rig.respond(a('198.18.0.9', { name: nameFromText(text) }))
      expect(rig.host.inspect().links[0]?.cached).toBe(1)
    },
  )

  test('R50 optbit, R51 qclass: neither pseudo-records nor other classes are kept', () => {
    const rig = new Rig()
    const opaque = (code: number): Rr => {
      return { name: HOST, type: `TYPE${code}`, class: 1, flush: false, ttl: 120, data: new Uint8Array(4) }
    }
    rig.respond(opaque(41), opaque(249), opaque(250), opaque(251), opaque(254), {
      ...a('198.18.0.9'),
      class: 3,
    })
    expect(rig.host.inspect().links[0]?.cached).toBe(0)
    rig.respond(opaque(65280))
    expect(rig.host.inspect().links[0]?.cached).toBe(1)
  })
})
