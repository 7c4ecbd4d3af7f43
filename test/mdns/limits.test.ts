import { describe, expect, test } from 'vitest'
import { Allowance } from '../../src/mdns/allowance.ts'
import { Cache } from '../../src/mdns/cache.ts'
import { LIMITS, type Limits } from '../../src/mdns/limits.ts'
import { Matters } from '../../src/mdns/matters.ts'
import { knownAnswers, Truncated } from '../../src/mdns/truncated.ts'
import type { Change } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Rr } from '../../src/wire/types.ts'
import { Rig } from '../conformance/rig.ts'
import { a, HOST, instance, ptr, question, srv, TYPE, txt } from './records.ts'

const SECOND = 1000

function cacheOf(limits: Partial<Limits>): Cache {
  return new Cache('lan/4', { random: seededRandom(1), limits: { ...LIMITS, ...limits }, matters: new Matters() })
}

/** What was put in and what had to go, as their names. */
function evicted(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => (change.action === 'removed' ? [change.rr.name] : []))
}

const nth = (n: number, prefix = 'name'): Rr => txt(instance(`${prefix} ${n}`))

describe('the cache', () => {
  test('cachedUnasked, R326 zcache: of what nobody asked for the oldest make room', () => {
    const cache = cacheOf({ cachedUnasked: 100 })
    const gone: string[] = []
    for (let n = 0; n < 1000; n++) {
      gone.push(...evicted(cache.put(nth(n), n)))
      expect(cache.size).toBeLessThanOrEqual(100)
    }
    expect(gone).toEqual(Array.from({ length: 900 }, (_, n) => nth(n).name))
  })

  test('cached, R326 zcache: what is wanted stays, and is never evicted for what is not', () => {
    const cache = cacheOf({ cached: 200, cachedUnasked: 100 })
    for (let n = 0; n < 180; n++) cache.want({ name: nth(n, 'wanted').name, type: 'TXT' }, 0)
    for (let n = 0; n < 1000; n++) cache.put(nth(n), 0)
    for (let n = 0; n < 180; n++) cache.put(nth(n, 'wanted'), 0)
    expect(cache.size).toBe(200)
    for (let n = 0; n < 1000; n++) cache.put(nth(n, 'later'), 0)
    expect(cache.size).toBe(200)
    for (let n = 0; n < 180; n++) expect(cache.lookup({ name: nth(n, 'wanted').name, type: 'TXT' })).toHaveLength(1)
  })

  test('cachedUnasked: a record may have to make room for the next one of its own set', () => {
    const cache = cacheOf({ cachedUnasked: 1 })
    for (let n = 1; n <= 3; n++) cache.put(a(`198.18.0.${n}`, { flush: false }), 0)
    expect(cache.lookup({ name: HOST, type: 'A' })).toMatchObject([{ rr: { address: '198.18.0.3' } }])
    expect(cache.size).toBe(1)
  })

  test('cached: when all of it is wanted, nothing new is taken', () => {
    const cache = cacheOf({ cached: 10 })
    for (let n = 0; n < 20; n++) cache.want({ name: nth(n).name, type: 'TXT' }, 0)
    for (let n = 0; n < 20; n++) cache.put(nth(n), 0)
    expect(cache.size).toBe(10)
    expect(cache.put(nth(0), SECOND)).toEqual([])
    expect(cache.lookup({ name: nth(0).name, type: 'TXT' })[0]?.at).toBe(SECOND)
  })

  test('cachedUnasked: what was wanted and no longer is counts from then on', () => {
    const cache = cacheOf({ cachedUnasked: 10 })
    const interest = { name: TYPE, type: 'PTR' } as const
    cache.want(interest, 0)
    for (let n = 0; n < 100; n++) cache.put(ptr(instance(`${n}`)), 0)
    expect(cache.size).toBe(100)
    cache.unwant(interest)
    cache.put(nth(0), 0)
    expect(cache.size).toBeLessThanOrEqual(10)
    expect(cache.lookup({ name: nth(0).name, type: 'TXT' })).toHaveLength(1)
  })

  test('pointers, members: a set has a cap of its own, and its members can still be renewed', () => {
    const cache = cacheOf({ pointers: 50, members: 5 })
    cache.want({ name: TYPE, type: 'PTR' }, 0)
    for (let n = 0; n < 100; n++) cache.put(ptr(instance(`${n}`)), 0)
    for (let n = 0; n < 100; n++) cache.put(a(`198.18.0.${n}`, { flush: false }), 0)
    expect(cache.lookup({ name: TYPE, type: 'PTR' })).toHaveLength(50)
    expect(cache.lookup({ name: HOST, type: 'A' })).toHaveLength(5)
    cache.put(ptr(instance('49')), SECOND)
    expect(cache.lookup({ name: TYPE, type: 'PTR' })[0]).toMatchObject({ rr: { target: instance('49') }, at: SECOND })
  })

  test('goal 7: the same thousand records, again and again with other TTLs, are a thousand', () => {
    const cache = cacheOf({})
    for (let n = 0; n < 1000; n++) cache.want({ name: nth(n).name, type: 'TXT' }, 0)
    for (let round = 0; round < 50_000; round++) {
      const ttl = 1 + ((round * 7919) % 4500)
      cache.put(txt(instance(`name ${round % 1000}`), { ttl }), round / 1e6)
    }
    expect(cache.size).toBe(1000)
    expect(cache.wakeAt).toBeGreaterThan(0)
  })

  test('goal 6, R326 zcache: after a flood of a hundred thousand names a service is found as ever', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    for (let n = 0; n < 100_000; n += 20) {
      rig.respond(...Array.from({ length: 20 }, (_, i) => srv(instance(`flood ${n + i}`))))
      rig.run(0.4)
    }
    expect(rig.host.inspect().links[0]?.cached).toBeLessThanOrEqual(LIMITS.cachedUnasked)
    rig.respond(ptr(instance('web')), srv(instance('web')))
    expect(rig.known(TYPE, 'PTR')).toEqual([instance('web')])
    expect(rig.known(instance('web'), 'SRV')).toEqual([8080])
  })
})

describe('truncated queries', () => {
  const query = (address: string, answers: readonly Rr[] = []) => ({
    from: { address, port: 5353 },
    viaGroup: true,
    onLink: true,
    questions: [question(TYPE, 'PTR')],
    known: knownAnswers(answers, () => true),
  })

  test('truncatedSources, goal 38: so many hosts are waited for; the others are answered as they are', () => {
    const truncated = new Truncated(seededRandom(1), { ...LIMITS, truncatedSources: 3 })
    const taken = Array.from({ length: 10 }, (_, n) => truncated.add(query(`198.18.0.${n}`), true, 0))
    expect(taken).toEqual([true, true, true, ...Array(7).fill(false)])
    expect(truncated.size).toBe(3)
    expect(truncated.due(500)).toHaveLength(3)
    expect(truncated.size).toBe(0)
  })

  test('truncatedParts, goal 38: of one host so many datagrams count, and it cannot put off its answer', () => {
    const truncated = new Truncated(seededRandom(1), { ...LIMITS, truncatedParts: 4 })
    for (let n = 0; n < 1000; n++) {
      expect(truncated.add(query('198.18.0.9', [ptr(instance(`${n}`))]), true, n)).toBe(true)
      if (truncated.wakeAt <= n) break
    }
    expect(truncated.wakeAt).toBeLessThanOrEqual(600)
    const [whole] = truncated.due(600)
    expect(whole?.questions).toHaveLength(1)
    expect(whole?.known.size).toBe(4)
  })
})

describe('unicast replies', () => {
  test('repliesPerSource, repliesPerSecond: one host is held to the one, all of them to the other', () => {
    const allowance = new Allowance({ ...LIMITS, repliesPerSource: 10, repliesPerSecond: 25 })
    const count = (source: string, now: number) =>
      Array.from({ length: 100 }).filter(() => allowance.take(source, now)).length
    expect([1, 2, 3].map((n) => count(`198.18.0.${n}`, 0))).toEqual([10, 10, 5])
    expect(count('198.18.0.1', SECOND)).toBe(10)
    expect(count('198.18.0.9', SECOND)).toBe(10)
    expect(count('198.18.0.8', SECOND)).toBe(5)
  })

  test('repliesPerSource: who is over it takes nothing from the others', () => {
    const allowance = new Allowance({ ...LIMITS, repliesPerSource: 10, repliesPerSecond: 25 })
    for (let n = 0; n < 10_000; n++) allowance.take('198.18.0.1', 0)
    expect(Array.from({ length: 20 }).filter(() => allowance.take('198.18.0.2', 0))).toHaveLength(10)
  })

  test('replySources: however many hosts ask, few are remembered and the total holds', () => {
    const allowance = new Allowance({ ...LIMITS, replySources: 4, repliesPerSecond: 25 })
    let taken = 0
    for (let n = 0; n < 100_000; n++) if (allowance.take(`2001:db8::${n.toString(16)}`, 0)) taken++
    expect(taken).toBe(25)
  })

  test('repliesPerSource, goal 40, goal 41: a thousand QU questions a second draw ten replies a second', () => {
    const rig = new Rig()
    rig.host.publish({ id: 'x', needsHost: true, records: ({ host }) => [srv(instance('x'), { target: host })] })
    rig.run(5 * SECOND)
    const before = rig.sent.length
    const spoofed = { from: { address: '198.18.0.77' } }
    for (let n = 0; n < 3000; n++) {
      rig.say({ questions: [question(instance('x'), 'SRV', true)] }, spoofed)
      rig.run(1)
    }
    const replies = rig.sent.slice(before)
    expect(replies.filter(({ viaGroup }) => !viaGroup).length).toBeLessThanOrEqual(40)
    expect(replies.filter(({ viaGroup }) => viaGroup).length).toBeLessThanOrEqual(4)
  })
})

test('interests: a question beyond the cap is not asked, and the others go on', () => {
  const rig = new Rig({ limits: { interests: 2 } })
  const cancels = [0, 1, 2].map((n) => rig.ask(instance(`${n}`), 'SRV'))
  rig.run(SECOND)
  expect([0, 1, 2].map((n) => rig.askedAt(instance(`${n}`), 'SRV').length)).toEqual([1, 1, 0])
  for (const cancel of cancels) cancel()
  expect(rig.host.inspect().interests).toBe(0)
})

test('datagramOut4, datagramOut6: questions fit the link of their family', () => {
  for (const [family, limit] of [
    [4, LIMITS.datagramOut4],
    [6, LIMITS.datagramOut6],
  ] as const) {
    const rig = new Rig({ families: [family] })
    for (let n = 0; n < 200; n++) rig.ask(instance(`${n} ${'n'.repeat(50)}`), 'SRV')
    rig.run(500)
    const sizes = rig.sent.map(({ bytes }) => bytes.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limit)
    expect(Math.max(...sizes)).toBeGreaterThan(limit / 2)
  }
})

test('datagramIn: what is larger is dropped and counted', () => {
  const rig = new Rig()
  rig.peer.send(new Uint8Array(LIMITS.datagramIn + 1))
  rig.run(1)
  expect(rig.drops).toEqual(['too-large'])
})

test('deferrals: who wins every tie-break for ever does not keep us from our name for ever', () => {
  const rig = new Rig({ limits: { deferrals: 3 } })
  const name = instance('x')
  let published = 0
  rig.host.on((event) => {
    if (event.kind === 'published') published++
  })
  rig.peer.onHear = ({ bytes }) => {
    if (bytes[9] === 0) return
    const theirs = { ...srv(name, { port: 65_000, flush: false }) }
    rig.peer.send(encode({ questions: [question(name, 'ANY')], authorities: [theirs] }))
  }
  rig.host.publish({ id: 'x', needsHost: false, records: () => [srv(name)] })
  rig.run(20 * SECOND)
  expect(published).toBe(1)
})
