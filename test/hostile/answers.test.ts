import { describe, expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import type { Message } from '../../src/wire/types.ts'
import { a, cname, HOST, instance, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { service } from '../scenarios/service.ts'
import { SECOND, Target } from './target.ts'

const OWN = instance('own 0')

describe('goal 12: off-link queries', () => {
  test('ten thousand from elsewhere, to us alone, to any of our names, draw no byte', async () => {
    const target = await Target.settled()
    const to = target.world.endpoint(target.host)
    const names = [TYPE, OWN, instance('own 1')]
    for (let n = 0; n < 10_000; n++) {
      const name = names[n % names.length] ?? TYPE
      const from = { address: `203.0.113.${n % 256}`, port: n % 2 === 0 ? 5353 : 1_024 + n }
      target.ask([question(name, 'ANY', n % 3 === 0)], { id: n }, { to, from })
      if (n % 100 === 0) target.run(10)
    }
    target.run(5 * SECOND)
    expect(target.take()).toEqual([])
    expect(target.host.stats.dropped['off-link']).toBe(10_000)
    await target.expectWell()
  })
})

describe('goal 13: what is no query is not answered', () => {
  const questions = [question(TYPE, 'PTR'), question(OWN, 'ANY')]
  const header = (flags: number): Uint8Array => {
    const bytes = encode({ questions }).slice()
    bytes[2] = flags >> 8
    bytes[3] = flags
    return bytes
  }

  test.each([
    ['a response with questions', header(0x8400), 5353],
    ['any other opcode', header(0x2800), 5353],
    ['a response code', header(0x0003), 5353],
    ['port 0', header(0), 0],
    ['a response from a plain resolver', header(0x8400), 40_000],
  ])('%s', async (_, bytes, port) => {
    const target = await Target.settled()
    target.stranger.send(bytes, { from: { port } })
    target.stranger.send(bytes, { from: { port }, to: target.world.endpoint(target.host) })
    target.run(5 * SECOND)
    expect(target.take()).toEqual([])
    await target.expectWell()
  })

  test('two whole hosts fall silent, even where each hears by unicast, too, what either says', async () => {
    const target = await Target.settled()
    const other = target.world.host({ name: 'other' })
    other.publish(service('theirs'))
    target.stranger.onHear = ({ bytes }) => {
      target.stranger.send(bytes, { to: target.world.endpoint(target.host) })
      target.stranger.send(bytes, { to: target.world.endpoint(other) })
    }
    target.run(30 * SECOND)
    target.take()
    target.run(20 * SECOND)
    const responses = target.messages().filter(({ response }) => response)
    expect(responses.length).toBeLessThanOrEqual(4)
    await target.expectWell()
  })
})

/** How often a record was multicast with a life, by second. */
function perSecond(times: readonly number[]): number {
  const counts = times.map((time) => times.filter((other) => other >= time && other < time + SECOND).length)
  return Math.max(0, ...counts)
}

describe('goal 40: reply rate', () => {
  test('a question asked a thousand times a second is answered once a second, and with fewer bytes', async () => {
    const target = await Target.settled({ services: 1 })
    const bytes = encode({ questions: [question(OWN, 'SRV')] })
    const start = target.bytesSent
    for (let n = 0; n < 5_000; n++) {
      target.stranger.send(bytes)
      target.run(1)
    }
    const sent = target.take()
    expect(perSecond(sent.map(({ at }) => at))).toBeLessThanOrEqual(1)
    expect(target.bytesSent - start).toBeLessThan(5_000 * bytes.length)
    expect(sent.length).toBeGreaterThan(3)
  })

  test('a plain resolver on the link draws ten replies a second, many of them a hundred', async () => {
    for (const [hosts, most] of [
      [1, 10],
      [50, 100],
    ] as const) {
      const target = await Target.settled({ services: 1 })
      for (let n = 0; n < 4_000; n++) {
        const from = { address: `198.18.7.${n % hosts}`, port: 40_000 }
        target.ask([question(OWN, 'SRV')], { id: n }, { from })
        target.run(1)
      }
      const replies = target.take().filter(({ viaGroup }) => !viaGroup)
      expect(replies.length).toBeGreaterThan(4 * most)
      expect(replies.length).toBeLessThanOrEqual(5 * most)
    }
  })
})

test('goal 41: a QU question with the source of a victim draws at most ten replies a second to it', async () => {
  const target = await Target.settled()
  const victim = { address: '198.18.9.9' }
  for (let n = 0; n < 5_000; n++) {
    target.ask([question(instance(`own ${n % 3}`), 'ANY', true)], {}, { from: victim })
    target.run(1)
  }
  const replies = target.take().filter(({ to }) => to.address === victim.address)
  expect(replies.length).toBeLessThanOrEqual(60)
  expect(replies.length).toBeGreaterThan(20)
})

describe('goal 71: known-answer abuse', () => {
  const answersOf = (messages: readonly Message[]) => messages.flatMap(({ answers }) => answers)

  test('what a stranger lists as known is kept from that one answer only', async () => {
    const target = await Target.settled({ services: 1 })
    const own = ptr(OWN)
    for (let n = 0; n < 10; n++) {
      target.ask([question(TYPE, 'PTR')], { answers: [own] })
      target.run(SECOND)
    }
    expect(answersOf(target.messages())).toEqual([])
    target.ask([question(TYPE, 'PTR')])
    target.run(SECOND)
    expect(answersOf(target.messages()).map(({ type }) => type)).toEqual(['PTR'])
  })

  test('data of old, or a life that is nearly over, keeps nothing from being said', async () => {
    const target = await Target.settled({ services: 1 })
    for (const stale of [
      txt(OWN, { data: new Uint8Array([1, 65]) }),
      txt(OWN, { data: new Uint8Array([0]), ttl: 9 }),
    ]) {
      target.ask([question(OWN, 'TXT')], { answers: [stale] })
      target.run(2 * SECOND)
      expect(answersOf(target.messages())).toHaveLength(1)
    }
  })

  test('an update is announced whatever strangers know', async () => {
    const target = await Target.settled({ services: 1 })
    const greeter = { name: 'greeter', version: '1', nodes: [{ id: 'node-1', address: ':9090', metadata: {} }] }
    const update = target.registry.register(greeter)
    target.stranger.onHear = ({ bytes }) => target.stranger.send(bytes)
    await target.world.until(update)
    const ports = answersOf(target.messages()).flatMap((rr) => (rr.type === 'SRV' ? [rr.port] : []))
    expect(ports).toContain(9090)
  })
})

test('goal 45: 200 services in one answer leave in datagrams of 1,252 bytes, on IPv6 of 1,232', async () => {
  for (const [family, most] of [
    [4, 1_252],
    [6, 1_232],
  ] as const) {
    const target = await Target.settled({ services: 200, families: [family] })
    target.ask([question(TYPE, 'PTR')], {}, { family })
    target.run(5 * SECOND)
    const sizes = target.take().map(({ bytes }) => bytes.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(most)
    expect(sizes.length).toBeGreaterThan(5)
  }
})

test('goal 45: a TXT record of 8,000 bytes is the only record that travels in more', async () => {
  const target = await Target.settled({ services: 1 })
  const data = new Uint8Array(Array.from({ length: 8_000 }, (_, n) => (n % 250 === 0 ? 249 : 97)))
  const big = instance('big')
  const records = [
    ptr(big),
    srv(big),
    txt(big, { data }),
    a('198.18.0.1', { name: HOST }),
    cname(instance('also'), big),
  ]
  target.host.publish({ id: 'big', needsHost: false, records: () => records })
  target.run(5 * SECOND)
  target.ask([question(big, 'ANY'), question(TYPE, 'PTR')])
  target.run(3 * SECOND)
  const sent = target.messages().filter(({ response }) => response)
  const large = sent.filter((message) => encode(message).length > 1_440)
  expect(large.length).toBeGreaterThan(0)
  for (const { answers, additionals } of large) {
    expect(answers.map(({ type }) => type)).toEqual(['TXT'])
    expect(additionals).toEqual([])
  }
})
