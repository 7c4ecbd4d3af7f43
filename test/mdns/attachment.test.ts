import { describe, expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { Rig } from '../conformance/rig.ts'
import { a, HOST, instance, ptr, question, rdata, srv, TYPE, txt } from './records.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const WEB = instance('web')

function publish(rig: Rig): void {
  rig.host.publish({
    id: 'web',
    needsHost: true,
    records: ({ host, attempt }) => {
      const name = instance(attempt === 0 ? 'web' : `web ${attempt + 1}`)
      return [ptr(name), srv(name, { target: host }), txt(name)]
    },
  })
}

function responses(rig: Rig): readonly Rr[] {
  return rig.sent.filter(({ message }) => message.response).flatMap(({ message }) => message.answers)
}

describe('one link', () => {
  test('what a host publishes it finds itself, as its own datagrams come back', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    publish(rig)
    rig.run(5 * SECOND)
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
    expect(rig.known(nameFromText('dut.local'), 'A')).toEqual(['198.18.0.1'])
  })

  test.each([0, 0.2, 5, 50, 300, 1200, 1500, 60_000])(
    'R17 ownecho, goal 37: an echo of everything after %d ms, from us or from another, changes nothing',
    (delay) => {
      for (const from of ['198.18.0.1', '198.18.0.2']) {
        const rig = new Rig()
        const renamed: string[] = []
        let publishedAt = Number.NaN
        rig.host.on((event) => {
          if (event.kind === 'renamed' || event.kind === 'host-renamed') renamed.push(event.kind)
          if (event.kind === 'published') publishedAt = rig.now
        })
        rig.peer.onHear = ({ bytes }) => {
          rig.world.clock.at(rig.now + delay, () => rig.peer.send(bytes, { from: { address: from } }))
        }
        publish(rig)
        rig.run(2 * MINUTE)
        expect(renamed).toEqual([])
        expect(publishedAt).toBeLessThanOrEqual(1100)
        expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
        expect(rig.sent.length, 'datagrams').toBeLessThanOrEqual(delay > 2000 ? 14 : 8)
      }
    },
  )

  test('goal 10: while nothing can be sent nothing breaks, and two seconds after that all is well', () => {
    const rig = new Rig()
    const wire = rig.world.transport(rig.host).interface(rig.world.lan)
    if (wire === undefined) throw new Error('the host is not on the network')
    wire.failure = Object.assign(new Error('no buffer space'), { code: 'ENOBUFS' })
    rig.ask(TYPE, 'PTR')
    rig.ask(WEB, 'SRV')
    publish(rig)
    rig.run(10 * MINUTE)
    expect(rig.sent).toEqual([])
    expect(rig.host.stats.failures).toBeLessThan(2000)
    wire.failure = undefined
    const healed = rig.now
    rig.run(2.5 * SECOND)
    expect(responses(rig).map(rdata)).toEqual(expect.arrayContaining([WEB, 8080, 'TXT', '198.18.0.1']))
    const [first = Number.NaN] = rig.askedAt(TYPE, 'PTR')
    expect(first - healed).toBeLessThanOrEqual(2 * SECOND)
    rig.run(10 * SECOND)
    const intervals = rig.askedAt(TYPE, 'PTR').map((at) => Math.round((at - first) / SECOND))
    expect(intervals).toEqual([0, 1, 3, 7])
  })

  test('R13 duq, R14 offsubqu, R6 dstr: only who asks for unicast from this link gets it', () => {
    const rig = new Rig()
    publish(rig)
    rig.run(5 * SECOND)
    const replies = (send: Parameters<Rig['say']>[1], unicast = false) => {
      const before = rig.sent.length
      rig.say({ questions: [question(WEB, 'SRV', unicast)] }, send)
      rig.run(2 * SECOND)
      return rig.sent.slice(before).map(({ viaGroup }) => (viaGroup ? 'multicast' : 'unicast'))
    }
    const to = rig.world.endpoint(rig.host)
    expect(replies({})).toEqual(['multicast'])
    expect(replies({}, true)).toEqual(['unicast'])
    expect(replies({ to })).toEqual(['unicast'])
    expect(replies({ to, from: { address: '203.0.113.9' } })).toEqual([])
    expect(replies({ from: { address: '203.0.113.9' } }, true)).toEqual(['multicast'])
  })

  test('a link that changes its addresses knows who is on it from then on', () => {
    const rig = new Rig()
    publish(rig)
    rig.run(5 * SECOND)
    const ask = () => {
      const before = rig.sent.length
      rig.say(
        { questions: [question(WEB, 'SRV')] },
        { to: rig.world.endpoint(rig.host), from: { address: '198.19.7.7' } },
      )
      rig.run(100)
      return rig.sent.length - before
    }
    expect(ask()).toBe(0)
    rig.world.transport(rig.host).readdress(rig.world.lan, [{ address: '198.19.7.1', family: 4, prefixLength: 24 }])
    rig.run(5 * SECOND)
    expect(ask()).toBe(1)
  })

  test('R111 topo, R75 newiface: a link that comes back starts empty, and is asked and told everything again', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    publish(rig)
    rig.run(5 * SECOND)
    rig.respond(ptr(instance('other')), a('198.18.0.9'))
    const addresses = rig.world.transport(rig.host).interface(rig.world.lan)?.addresses ?? []
    rig.world.transport(rig.host).disconnect(rig.world.lan)
    rig.run(MINUTE)
    const before = rig.sent.length
    rig.world.transport(rig.host).connect(rig.world.lan, { addresses })
    rig.run(5 * SECOND)
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
    expect(rig.known(HOST, 'A')).toEqual([])
    const again = rig.sent.slice(before)
    expect(again.filter(({ message }) => message.authorities.length > 0)).toHaveLength(3)
    expect(again.filter(({ message }) => message.questions.some(({ type }) => type === 'PTR'))).toHaveLength(3)
  })
})

test('R89 kaiface, R93 dupqiface: the caches of two links are two', () => {
  const rig = new Rig({ families: [4, 6] })
  rig.ask(TYPE, 'PTR')
  rig.peer.send(encode({ response: true, answers: [ptr(WEB)] }), { family: 6 })
  rig.run(10)
  expect(rig.lookup(TYPE, 'PTR').map(({ link }) => link)).toEqual(['lan/6'])
  rig.peer.send(encode({ response: true, answers: [ptr(WEB)] }), { family: 4 })
  rig.run(10)
  expect(rig.lookup(TYPE, 'PTR').map(({ link }) => link)).toEqual(['lan/4', 'lan/6'])
  rig.peer.send(encode({ response: true, answers: [ptr(WEB, 0)] }), { family: 4 })
  rig.run(2 * SECOND)
  expect(rig.lookup(TYPE, 'PTR').map(({ link }) => link)).toEqual(['lan/6'])
})
