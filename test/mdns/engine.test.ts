import { describe, expect, test } from 'vitest'
import type { Input, Publication } from '../../src/mdns/types.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, HOST, instanceAt, opaque, service, srv, TYPE } from '../conformance/lab.ts'
import { Bench, linkAt } from './bench.ts'

const ONE = linkAt('one', '198.18.1.1')
const TWO = linkAt('two', '198.18.2.1')
const addressesIn = (records: readonly Rr[]) => new Set(records.flatMap((rr) => ('address' in rr ? [rr.address] : [])))
const publish = (publication: Publication): Input => ({ kind: 'publish', publication })

describe('the host name', () => {
  test('its addresses are published with the first service that needs them, and go with the last', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE] })
    bench.step(publish({ id: 'plain', needsHost: false, records: () => [opaque(nameFromText('x.local'), 999)] }))
    bench.run(5_000)
    expect(addressesIn(bench.records(ONE.id)).size).toBe(0)
    bench.step(publish(service('One')))
    bench.step(publish(service('Two')))
    bench.run(5_000)
    bench.step({ kind: 'withdraw', id: 'One' })
    bench.run(1_000)
    const isGone = (rr: Rr) => rr.type === 'A' && rr.ttl === 0
    expect(bench.records(ONE.id).some(isGone)).toBe(false)
    bench.step({ kind: 'withdraw', id: 'Two' })
    expect(bench.records(ONE.id).some(isGone)).toBe(true)
    expect(bench.engine.inspect()).toMatchObject({ host: HOST, publications: 1 })
  })

  test('R214 prrate: it is shared by hundreds of services, which a rename moves in a few datagrams', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE] })
    for (let i = 0; i < 200; i++) bench.step(publish(service(`Svc ${i}`)))
    bench.run(5_000)
    const theirs = encode({ response: true, answers: [a(HOST, '198.18.1.9')] })
    bench.receive(ONE.id, theirs, '198.18.1.9')
    bench.run(255)
    bench.receive(ONE.id, theirs, '198.18.1.9')
    const at = bench.now
    bench.run(10_000)
    const next = nameFromText('dut-host-2.local')
    expect(bench.engine.host).toBe(next)
    const targets = new Map(
      bench.records(ONE.id, at).flatMap((rr) => (rr.type === 'SRV' ? [[rr.name, rr.target]] : [])),
    )
    expect(targets.size).toBe(200)
    expect([...targets.values()].every((target) => target === next)).toBe(true)
    expect(bench.sends.filter((send) => send.at >= at).length).toBeLessThan(40)
  })
})

describe('closing', () => {
  test('with nothing published, or nothing announced yet, it is closed at once', () => {
    for (const published of [false, true]) {
      const bench = new Bench()
      bench.step({ kind: 'links', links: [ONE] })
      if (published) bench.step(publish(service()))
      expect(bench.step({ kind: 'close' }).events).toEqual([{ kind: 'closed' }])
      bench.run(60_000)
      expect(bench.sends).toEqual([])
    }
  })

  test('goodbyes are said twice, then it is closed, once, and nothing is left to do', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE, TWO] })
    bench.step(publish(service()))
    bench.step({ kind: 'ask', interest: { name: TYPE, type: 'PTR' } })
    bench.run(5_000)
    bench.step({ kind: 'close' })
    bench.run(60_000)
    expect(bench.events.filter(({ kind }) => kind === 'closed').map(({ at }) => at)).toEqual([5_125])
    const parting = bench.sends.filter(({ at }) => at >= 5_000)
    expect(parting.map(({ at, link }) => [at, link])).toEqual([
      [5_000, ONE.id],
      [5_000, TWO.id],
      [5_125, ONE.id],
      [5_125, TWO.id],
    ])
    expect(bench.engine.inspect()).toMatchObject({ publications: 0, interests: 0 })
  })

  test('a link that goes meanwhile does not keep it open', () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE] })
    bench.step(publish(service()))
    bench.run(5_000)
    bench.step({ kind: 'close' })
    expect(bench.step({ kind: 'links', links: [] }).events).toContainEqual({ kind: 'closed' })
  })
})

test('the same inputs and the same chance give the same bytes', () => {
  const run = () => {
    const bench = new Bench()
    bench.step({ kind: 'links', links: [ONE, TWO] })
    for (let i = 0; i < 20; i++) bench.step(publish(service(`Svc ${i}`)))
    bench.run(400)
    bench.receive(ONE.id, encode({ response: true, answers: [srv(instanceAt('Svc 3'), { port: 1 })] }), '198.18.1.9')
    bench.run(10_000)
    bench.step({ kind: 'close' })
    bench.run(1_000)
    return { sends: bench.sends, events: bench.events }
  }
  expect(run()).toEqual(run())
})
