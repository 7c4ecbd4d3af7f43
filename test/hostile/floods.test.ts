import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/mdns/limits.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { instance, ptr, question, srv, TYPE } from '../mdns/records.ts'
import { SECOND, Target } from './target.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const META = nameFromText('_services._dns-sd._udp.local')
const MEGABYTE = 2 ** 20

/** Bytes that are held at the end and were not at the beginning, garbage left out. */
function growthOf(target: Target, flood: () => void): number {
  const held = () => {
    target.take()
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = held()
  flood()
  return held() - before
}

describe('goal 6: a cache flood', () => {
  test('of unique names fills no more than its share, and a hundred wanted services are found within 2 s', async () => {
    const target = await Target.settled()
    const growth = growthOf(target, () => {
      for (let n = 0; n < 40_000; n += 100) {
        target.respond(Array.from({ length: 100 }, (_, i) => srv(instance(`flood ${n + i}`))))
        target.run(2)
        target.take()
      }
    })
    expect(target.cached).toBeLessThanOrEqual(LIMITS.cachedUnasked + 100)
    expect(growth).toBeLessThan(16 * MEGABYTE)
    const honest = target.world.host({ name: 'honest' })
    const names = Array.from({ length: 100 }, (_, n) => instance(`wanted ${n}`))
    const records = names.flatMap((name) => [ptr(name), srv(name)])
    honest.publish({ id: 'wanted', needsHost: true, records: ({ host }) => records.map((rr) => pointed(rr, host)) })
    target.run(2 * SECOND + 1_000)
    expect(target.lines.filter((line) => line.startsWith('up wanted'))).toHaveLength(100)
    await target.expectWell()
  })

  function pointed(rr: ReturnType<typeof srv>, target: typeof TYPE): typeof rr {
    return rr.type === 'SRV' ? { ...rr, target } : rr
  }
})

test('goal 7: a thousand wanted records that come again and again with other lives hold no more memory', async () => {
  const target = await Target.settled()
  const names = Array.from({ length: 1_000 }, (_, n) => instance(`kept ${n}`))
  const flood = (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      for (let n = 0; n < 1_000; n += 250) {
        target.respond(names.slice(n, n + 250).map((name) => ptr(name, 4_000 + (round % 500))))
      }
      target.run(1)
      target.take()
    }
  }
  flood(5)
  const growth = growthOf(target, () => flood(40))
  expect(target.cached).toBeLessThan(1_100)
  expect(growth).toBeLessThan(2 * MEGABYTE)
})

describe('goal 14: packet-triggered sends', () => {
  test.each([
    ['the list of service types', META],
    ['a type that is browsed', TYPE],
    ['a type that nobody asks for', nameFromText('_other._tcp.local')],
  ])('three hundred pointers a datagram under %s draw at most 5 datagrams a second', async (_, owner) => {
    const target = await Target.settled()
    const types = target.dnssd.types()
    target.run(3 * SECOND)
    target.take()
    for (let second = 0; second < 5; second++) {
      for (let n = 0; n < 10; n++) {
        const label = `${second} ${n}`
        target.respond(Array.from({ length: 300 }, (_, i) => ptr(instance(`${label} ${i}`), 4_500, owner)))
        target.run(SECOND / 10)
      }
    }
    target.run(40 * SECOND)
    const queries = target.messages().filter(({ response }) => !response)
    expect(queries.filter(({ questions }) => questions.length > 0).length / 45).toBeLessThanOrEqual(5)
    // What a question lists as known goes on in further datagrams.
    expect(queries.length / 45).toBeLessThanOrEqual(5)
    types.stop()
    await target.expectWell()
  })
})

test('goal 38: truncated queries of ten thousand hosts hold less than 5 MB, and not for long', async () => {
  const target = await Target.settled()
  const known = Array.from({ length: 30 }, (_, n) => ptr(instance(`known ${n}`)))
  const growth = growthOf(target, () => {
    for (let n = 0; n < 10_000; n++) {
      const address = `198.18.${n >> 8}.${n % 256}`
      target.ask([question(TYPE, 'PTR')], { answers: known, truncated: true }, { from: { address } })
      if (n % 20 === 0) target.run(1)
      if (n % 1_000 === 0) target.take()
    }
  })
  expect(growth).toBeLessThan(5 * MEGABYTE)
  target.take()
  target.run(2 * SECOND)
  expect(target.take().length).toBeLessThanOrEqual(6)
  target.run(10 * SECOND)
  expect(target.take()).toEqual([])
  await target.expectWell()
})

test('goal 39: a thousand instances with lives of one to five seconds draw at most 5 datagrams a second', async () => {
  const target = await Target.settled()
  const names = Array.from({ length: 1_000 }, (_, n) => instance(`${n}`))
  for (let second = 0; second < 20; second++) {
    for (let n = 0; n < 1_000; n += 200) {
      target.respond(names.slice(n, n + 200).map((name, i) => ptr(name, 1 + (i % 5))))
    }
    if (second === 5) target.take()
    target.run(SECOND)
  }
  const queries = target.messages().filter(({ response }) => !response)
  expect(queries.length / 15).toBeLessThanOrEqual(6)
  await target.expectWell()
})

test('goal 39: known answers with a life of ten seconds, in thousands, do not make every refresh a flood', async () => {
  const target = await Target.settled()
  for (let n = 0; n < 150; n++) {
    target.respond(Array.from({ length: 80 }, (_, i) => ptr(instance(`${n % 100} ${i}`), 10)))
    if (n === 50) target.take()
    target.run(SECOND / 10)
  }
  const queries = target.messages().filter(({ response }) => !response)
  expect(queries.filter(({ questions }) => questions.length > 0).length / 10).toBeLessThanOrEqual(8)
  expect(queries.length / 10).toBeLessThanOrEqual(64)
})

test('goal 42: of a hundred thousand malformed datagrams nothing is kept but their number', async () => {
  const target = await Target.settled()
  const { received } = target.host.stats
  const flood = (from: number, count: number) => {
    for (let n = from; n < from + count; n++) {
      // The header promises a question, and there is none; no two are alike.
      const bytes = new Uint8Array([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, n >> 16, n >> 8, n])
      const address = `198.18.${(n >> 8) % 256}.${n % 256}`
      target.stranger.send(bytes, { from: { address, port: 1 + (n % 65_535) } })
      if (n % 100 === 99) target.run(1)
      if (n % 1_000 === 999) target.take()
    }
  }
  flood(0, 10_000)
  const growth = growthOf(target, () => flood(10_000, 90_000))
  expect(growth).toBeLessThan(MEGABYTE)
  expect(target.host.stats.dropped.malformed).toBe(100_000)
  expect(target.host.stats.received - received).toBeGreaterThanOrEqual(100_000)
  expect(target.sent).toBeLessThan(200)
  await target.expectWell()
})

test('what is dropped is counted by reason', async () => {
  const target = await Target.settled()
  const one = ptr(instance('x'))
  const unicast = { to: target.world.endpoint(target.host) }
  const drops = () => target.host.stats.dropped
  const before = drops()
  const flags = (bits: number) => new Uint8Array([0, 0, bits >> 8, bits, 0, 0, 0, 0, 0, 0, 0, 0])
  for (const bytes of [new Uint8Array(9_001), new Uint8Array(3), flags(0x2800), flags(0x8003)]) {
    target.stranger.send(bytes)
  }
  target.respond([one], { from: { port: 9 } })
  target.respond([one], { ...unicast, from: { address: '203.0.113.9' } })
  target.respond([one], unicast)
  target.run(1)
  expect(before).toEqual({})
  expect(drops()).toEqual({ 'too-large': 1, malformed: 1, opcode: 1, rcode: 1, port: 1, 'off-link': 1, unsolicited: 1 })
})
