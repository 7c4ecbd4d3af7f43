import { describe, expect, test } from 'vitest'
import type { Input, Publication } from '../../src/mdns/types.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Rr } from '../../src/wire/types.ts'
import { Bench, linkAt } from '../mdns/bench.ts'
import { a, HOST, INSTANCE, instanceAt, question, service, TYPE, text } from './lab.ts'

const ONE = linkAt('one', '198.18.1.1')
const TWO = linkAt('two', '198.18.2.1')
const addressesIn = (records: readonly Rr[]) => new Set(records.flatMap((rr) => ('address' in rr ? [rr.address] : [])))
const publish = (publication: Publication): Input => ({ kind: 'publish', publication })

describe('several links', () => {
  test('R173 addronly, R266 ifall: each link hears its own addresses and no others, in every section', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.step(publish(service()))
    bench.run(5_000)
    for (const each of [ONE, TWO]) {
      const query = encode({ questions: [question(INSTANCE, 'SRV'), question(HOST, 'A'), question(TYPE, 'PTR')] })
      bench.receive(each.id, query, each.addresses[0]?.address.replace(/1$/, '9') ?? '')
      bench.run(2_000)
      expect(addressesIn(bench.records(each.id))).toEqual(addressesIn([a(HOST, each.addresses[0]?.address ?? '')]))
    }
    expect(bench.sends.filter((send) => send.link === ONE.id)).toHaveLength(6)
  })

  test('R267 ifind: a name that is lost on one link is given up on all, and ready again on all', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.step(publish(service()))
    bench.run(260)
    bench.receive(TWO.id, encode({ response: true, answers: [text(INSTANCE, 'theirs')] }), '198.18.2.9')
    bench.run(10_000)
    expect(bench.kinds()).toEqual(['renamed Test Svc', 'published Test Svc'])
    for (const each of [ONE, TWO]) {
      const names = bench.records(each.id, 3_000).map((rr) => rr.name)
      expect(names).not.toContain(INSTANCE)
    }
    expect(bench.records(ONE.id, 500).map((rr) => rr.name)).toContain(instanceAt('Test Svc', 1))
  })

  test('R268 ifbridge: our own records on another link of ours are no conflict, and no ping-pong', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.step(publish(service()))
    let carried = 0
    for (let at = 0; at < 30_000; at += 10) {
      bench.run(10)
      for (const send of bench.sends.slice(carried)) {
        const [to, from] = send.link === ONE.id ? [TWO, ONE] : [ONE, TWO]
        if (send.to === 'group') bench.receive(to.id, send.bytes, from.addresses[0]?.address ?? '')
        carried++
      }
    }
    expect(bench.kinds()).toEqual(['published Test Svc'])
    expect(bench.sends.length).toBeLessThanOrEqual(10 + 6)
    expect(bench.sends.filter((send) => send.at > 10_000)).toEqual([])
  })

  test('R269 iflate, R193 prwhen: a link that comes later is probed and announced on, the others stay silent', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE] })
    bench.step(publish(service()))
    bench.run(5_000)
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.run(5_000)
    const later = bench.sends.filter((send) => send.at >= 5_000)
    expect(later.map((send) => send.link)).toEqual(Array(5).fill(TWO.id))
    bench.step({ kind: 'links', links: [ONE] })
    bench.run(1_000)
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.run(5_000)
    expect(bench.sends.filter((send) => send.at >= 11_000).map((send) => send.link)).toEqual(Array(5).fill(TWO.id))
  })

  test('published is told once: with no link at once, and when the link that it waited for goes', () => {
    const bench = new Bench()
    bench.step(publish(service()))
    expect(bench.kinds()).toEqual(['published Test Svc'])
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.step(publish(service('Second')))
    bench.run(100)
    bench.step({ kind: 'links', links: [] })
    bench.run(5_000)
    expect(bench.kinds()).toEqual(['published Test Svc', 'published Second'])
  })

  test('R333 zsocket: a link that cannot send does not keep the others, nor the publisher, waiting', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.step(publish(service()))
    for (let at = 0; at < 10_000; at += 50) {
      const before = bench.sends.length
      bench.run(50)
      if (bench.sends.slice(before).some((send) => send.link === TWO.id)) bench.step({ kind: 'unsent', link: TWO.id })
    }
    expect(bench.kinds()).toEqual(['published Test Svc'])
    expect(bench.sends.filter((send) => send.link === ONE.id)).toHaveLength(5)
    const stuck = bench.sends.filter((send) => send.link === TWO.id)
    expect(stuck.every(({ bytes }) => !decode(bytes).response)).toBe(true)
    expect(stuck.length).toBeLessThanOrEqual(11)
  })

  test('a link that is not known is ignored', () => {
    const bench = new Bench()
    bench.receive('gone/4', encode({ questions: [question(HOST, 'A')] }), '198.18.1.9')
    expect(bench.step({ kind: 'unsent', link: 'gone/4' })).toEqual({ sends: [], events: [], wakeAt: Infinity })
  })
})
