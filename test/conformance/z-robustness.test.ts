import { describe, expect, test } from 'vitest'
import { Engine } from '../../src/mdns/engine.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import type { DropReason, Event, Input, Link, Output } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, HOST, instance, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { loadPackets } from '../packets.ts'

const LINKS: readonly Link[] = ([4, 6] as const).map((family) => ({
  id: `lan/${family}`,
  interface: 'lan',
  family,
  addresses: [
    { address: '198.18.0.1', family: 4, prefixLength: 16 },
    { address: 'fe80::1', family: 6, prefixLength: 64 },
  ],
  unicast: true,
}))

/** A host with publications and standing questions, that is stepped by hand. */
class Bare {
  readonly drops: DropReason[] = []
  readonly events: Event[] = []
  now = 0
  sent = 0
  bytesSent = 0
  #wakeAt = Number.POSITIVE_INFINITY
  readonly #engine: Engine

  constructor(seed = 1) {
    this.#engine = new Engine({ random: seededRandom(seed), hostName: 'printer' })
    this.step({ kind: 'links', links: LINKS })
    for (const label of ['web', 'other']) {
      const records = (): readonly Rr[] => [ptr(instance(label)), srv(instance(label)), txt(instance(label))]
      this.step({ kind: 'publish', publication: { id: label, needsHost: true, records } })
    }
    const meta = nameFromText('_services._dns-sd._udp.local')
    for (const name of [TYPE, meta]) this.step({ kind: 'ask', interest: { name, type: 'PTR' } })
    for (const type of ['SRV', 'TXT', 'A', 'AAAA'] as const) {
      this.step({ kind: 'ask', interest: { name: instance('x'), type } })
      this.step({ kind: 'ask', interest: { name: HOST, type } })
    }
    this.run(5_000)
  }

  get cached(): number {
    return this.#engine.inspect().links.reduce((sum, { cached }) => sum + cached, 0)
  }

  step(input: Input): Output {
    const output = this.#engine.step(input, this.now)
    for (const { bytes } of output.sends) {
      this.sent++
      this.bytesSent += bytes.length
      decode(bytes)
    }
    for (const event of output.events) if (event.kind === 'dropped') this.drops.push(event.reason)
    this.#wakeAt = output.wakeAt
    return output
  }

  receive(bytes: Uint8Array, { port = 5353, viaGroup = true, address = '198.18.0.9', link = 'lan/4' } = {}): void {
    this.step({ kind: 'received', datagram: { link, from: { address, port }, viaGroup, bytes } })
  }

  /** Lets time pass; the engine has to stay quiet between its alarms. */
  run(ms: number): void {
    const end = this.now + ms
    for (let steps = 0; this.#wakeAt <= end; steps++) {
      expect(steps, 'alarms').toBeLessThan(20_000)
      this.now = Math.max(this.now, this.#wakeAt)
      this.step({ kind: 'tick' })
    }
    this.now = end
  }

  /** As any datagram may come: to the group, to us alone, from a plain resolver, from nowhere. */
  receiveEveryWay(bytes: Uint8Array): void {
    this.receive(bytes)
    this.receive(bytes, { viaGroup: false })
    this.receive(bytes, { port: 40_000 })
    this.receive(bytes, { port: 0, viaGroup: false, address: '203.0.113.9' })
    this.receive(bytes, { link: 'lan/6', address: 'fe80::9' })
  }
}

describe.each(['hostile', 'malformed', 'real'] as const)('R325 zparse, goal 1: %s packets', (folder) => {
  const packets = loadPackets(folder)

  test('go through a whole host without harm, and what is dropped is counted', () => {
    const host = new Bare()
    for (const { file, bytes } of packets) {
      const start = performance.now()
      host.receiveEveryWay(bytes)
      expect(performance.now() - start, file).toBeLessThan(250)
      host.run(10)
    }
    host.run(60_000)
    expect(host.drops.length).toBeLessThanOrEqual(5 * packets.length)
    if (packets.length > 0) expect(host.drops.length).toBeGreaterThan(packets.length)
    expect(host.cached).toBeLessThanOrEqual(2 * LIMITS.cached)
    expect(host.sent).toBeLessThan(40 * packets.length + 200)
  })

  test('each beginning of each goes through as well', () => {
    const host = new Bare()
    for (const { bytes } of packets) {
      const stride = Math.max(1, Math.floor(bytes.length / 60))
      for (let length = 0; length < bytes.length; length += stride) host.receive(bytes.subarray(0, length))
      host.run(1)
    }
    host.run(1_000)
    if (packets.length > 0) expect(host.drops).toContain('malformed')
  })
})

const SEEDS: readonly Uint8Array[] = [
  encode({ questions: [question(TYPE, 'PTR'), question(HOST, 'ANY', true)], answers: [ptr(instance('web'))] }),
  encode({ questions: [question(instance('web'), 'ANY', true)], authorities: [srv(instance('web')), txt(HOST)] }),
  encode({ response: true, answers: [ptr(instance('x')), srv(instance('x')), txt(instance('x')), a('198.18.0.9')] }),
  encode({ response: true, answers: [srv(instance('web'), { port: 1 })], additionals: [a('198.18.0.8')] }),
  encode({ questions: [question(TYPE, 'PTR')], answers: [ptr(instance('web'))], truncated: true }),
]

/** One to eight changes: other bytes, other bits, a piece cut out, a piece of another datagram put in. */
function mutate(random: () => number, corpus: readonly Uint8Array[]): Uint8Array {
  const below = (n: number) => Math.floor(random() * n)
  const pick = () => corpus[below(corpus.length)] ?? new Uint8Array()
  let bytes = pick().slice()
  for (let changes = 1 + below(8); changes > 0; changes--) {
    const at = below(bytes.length)
    const kind = below(5)
    if (kind === 0) bytes[at] = below(256)
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
    else if (kind === 2) bytes[at] = [0, 1, 0x3f, 0x40, 0xc0, 0xff][below(6)] ?? 0
    else if (kind === 3) bytes = new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + below(20))])
    else {
      const other = pick()
      const from = below(other.length)
      bytes = new Uint8Array([
        ...bytes.subarray(0, at),
        ...other.subarray(from, from + below(60)),
        ...bytes.subarray(at),
      ])
    }
  }
  return bytes
}

test('R325 zparse, goal 4: twenty thousand mutations of good and bad datagrams do no harm', () => {
  const random = seededRandom(42)
  const corpus = [
    ...SEEDS,
    ...SEEDS,
    ...loadPackets('real').map(({ bytes }) => bytes),
    ...loadPackets('malformed').map(({ bytes }) => bytes),
  ]
  const small = corpus.filter(({ length }) => length > 0 && length <= 1500)
  const host = new Bare()
  let slowest = 0
  for (let n = 0; n < 20_000; n++) {
    const bytes = mutate(random, small)
    const start = performance.now()
    host.receive(bytes, { viaGroup: random() < 0.8, port: random() < 0.8 ? 5353 : 40_000 })
    slowest = Math.max(slowest, performance.now() - start)
    host.run(random() * 20)
  }
  expect(slowest).toBeLessThan(250)
  expect(new Set(host.drops)).toEqual(new Set(['malformed', 'opcode', 'rcode', 'port', 'unsolicited']))
  host.run(3_600_000 * 3)
  expect(host.step({ kind: 'close' }).sends.length).toBeGreaterThan(0)
  host.run(1_000)
})

test('R330 zdefrate: a thousand probes a second draw five multicasts and ten replies a second', () => {
  const host = new Bare()
  const before = host.sent
  const probe = encode({
    questions: [question(instance('web'), 'ANY', true)],
    authorities: [srv(instance('web'), { port: 1, flush: false })],
  })
  for (let n = 0; n < 5_000; n++) {
    host.receive(probe)
    host.run(1)
  }
  expect(host.sent - before).toBeLessThanOrEqual(5 * 5 + 10 * 5 + 10)
  expect(host.sent - before).toBeGreaterThan(5)
})

test('goal 38: a flood of truncated queries from ten thousand sources is held off, and answered no more for it', () => {
  const host = new Bare()
  const before = host.sent
  const known = Array.from({ length: 20 }, (_, n) => ptr(instance(`known ${n}`)))
  const bytes = encode({ questions: [question(TYPE, 'PTR')], answers: known, truncated: true })
  for (let n = 0; n < 10_000; n++) {
    host.receive(bytes, { address: `198.18.${n >> 8}.${n % 256}` })
    host.run(0.5)
  }
  host.run(1_000)
  // Two pointers, each multicast once a second at most, for the six seconds that it takes.
  expect(host.sent - before).toBeLessThanOrEqual(14)
  expect(host.sent - before).toBeGreaterThan(2)
})

test('goal 40: over time no more bytes go out than come in, whatever plain resolvers ask', () => {
  const host = new Bare()
  const before = host.bytesSent
  const bytes = encode({ id: 7, questions: [question(TYPE, 'PTR')] })
  for (let n = 0; n < 5_000; n++) {
    host.receive(bytes, { port: 40_000 })
    host.run(1)
  }
  expect(host.bytesSent - before).toBeGreaterThan(0)
  expect(host.bytesSent - before).toBeLessThanOrEqual(5_000 * bytes.length)
})
