// What a host does when its name is used or its packets are repeated, and when its data changes: RFC 6762 §8.4, §9.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { joinName, nameFromText } from '../../src/wire/name.ts'
import type { Name, Rr } from '../../src/wire/types.ts'
import type { CliProcess } from '../cli/cli-process.ts'
import { a, srv } from '../mdns/records.ts'
import { Bench, datagram, PEER4, PEER6, PORT, STALL } from './bench.ts'
import { answersIn, HOST, INSTANCE, instance, probesFor, recordsOf, response } from './messages.ts'
import type { Packet } from './observer.ts'

const REPUBLISH = fileURLToPath(new URL('republish.mjs', import.meta.url))
const PROBE_GAP = 250
const SECOND = 1000
const GAP_EARLY = 10
/** From a conflict to the end of the probing that it brings about, and the first announcement after that. */
const AGREED = 5 * PROBE_GAP
const RENAMED = instance('Test Svc (2)')
const RENAMED_HOST = nameFromText('dut-host-2.local')
const NODE = joinName('greeter-1', nameFromText('_mdns-registry._tcp.local'))

const otherAddress = a('198.18.0.77', { name: HOST })
const otherPort = srv(INSTANCE, { port: 9, target: nameFromText('peer.local') })

function gaps(packets: readonly Packet[]): readonly number[] {
  return packets.slice(1).map(({ time }, index) => time - (packets[index]?.time ?? 0))
}

function expectGap(gap: number | undefined, expected: number): void {
  expect(gap).toBeGreaterThanOrEqual(expected - GAP_EARLY)
  expect(gap).toBeLessThanOrEqual(expected + STALL)
}

/** Whether a packet answers with a record of this name that lives. */
function tells(name: Name): (packet: Packet) => boolean {
  return ({ message }) => message.response && answersIn(message, name).some(({ ttl }) => ttl > 0)
}

/** A host and what it has printed. */
interface Advertised {
  readonly bench: Bench
  readonly cli: CliProcess
}

/** What a node that was registered again with other metadata has said of it. */
interface Republished {
  readonly bench: Bench
  readonly heard: readonly Packet[]
}

let settled: Advertised
let echoed: Advertised
let republished: Republished

beforeAll(async () => {
  ;[settled, echoed, republished] = await Promise.all([advertiseInPeace(), advertiseAmongEchoes(), republish()])
})
afterAll(() => Bench.closeAll())

async function advertiseInPeace(): Promise<Advertised> {
  const bench = await Bench.open()
  return { bench, cli: await bench.advertise('-4') }
}

async function advertiseAmongEchoes(): Promise<Advertised> {
  const bench = await Bench.open()
  bench.peer.on(({ outgoing, protocol, family, source, hex, time, dport }) => {
    if (outgoing || protocol !== 'udp' || dport !== PORT) return
    const bytes = Buffer.from(hex, 'hex')
    for (const from of [source, family === 4 ? PEER4 : PEER6]) {
      const echoes = [5, 50, 300, 1500].map((delay) => datagram(bytes, { family, source: from, at: time + delay }))
      void bench.peer.send(...echoes)
    }
  })
  const cli = await bench.advertise()
  await bench.settled()
  return { bench, cli }
}

async function republish(): Promise<Republished> {
  const bench = await Bench.open()
  const [command = '', ...words] = [...bench.before, process.execPath, REPUBLISH]
  const child = spawn(command, words, { stdio: 'ignore' })
  await bench.peer.first(tells(NODE), 0)
  await bench.settled()
  const since = Date.now()
  child.kill('SIGUSR2')
  const { time } = await bench.peer.first(tells(NODE), since)
  const heard = await bench.peer.during(since, time - since + 3 * SECOND)
  child.kill('SIGTERM')
  await once(child, 'close')
  return { bench, heard }
}

describe('a host that is settled', { retry: 1 }, () => {
  test.each<[string, Rr, Name]>([
    ['another address', otherAddress, HOST],
    ['another port', otherPort, INSTANCE],
  ])('R248 confdef: %s under its name has it probe again', async (_title, rr, name) => {
    await settled.bench.settled()
    const { time } = await settled.bench.say(response([rr]))
    const probe = await settled.bench.peer.first(probesFor(name), time)
    expect(probe.time - time).toBeLessThanOrEqual(PROBE_GAP + STALL)
  })

  test('R250 confreprobe: undisputed, it announces the same name after three probes, without goodbye', async () => {
    await settled.bench.settled()
    const { time } = await settled.bench.say(response([otherPort]))
    const heard = await settled.bench.peer.during(time, AGREED + SECOND + PROBE_GAP)
    const probes = heard.filter(probesFor(INSTANCE))
    expect(probes).toHaveLength(3)
    for (const gap of gaps(probes)) expectGap(gap, PROBE_GAP)
    const announcements = heard.filter(tells(INSTANCE))
    expect(announcements).toHaveLength(2)
    expectGap(gaps(announcements)[0], SECOND)
    expect((announcements[0]?.time ?? 0) - (probes[2]?.time ?? 0)).toBeGreaterThanOrEqual(PROBE_GAP - GAP_EARLY)
    expect(heard.flatMap(({ message }) => recordsOf(message)).filter(({ ttl }) => ttl === 0)).toEqual([])
    expect(settled.cli.lines.filter(({ event }) => event === 'renamed')).toEqual([])
  })

  test('R249 confsections: a contradiction counts in the additional section too', async () => {
    await settled.bench.settled()
    const { time } = await settled.bench.say(response([], [otherPort]))
    const probe = await settled.bench.peer.first(probesFor(INSTANCE), time)
    expect(probe.time - time).toBeLessThanOrEqual(PROBE_GAP + STALL)
  })

  test('R251 conflose: when the other host defends the name, it takes another', async () => {
    await settled.bench.settled()
    const { time } = await settled.bench.say(response([otherPort]))
    const probe = await settled.bench.peer.first(probesFor(INSTANCE), time)
    await settled.bench.say(response([otherPort]), { at: probe.time + 10 })
    await settled.cli.line({ event: 'renamed', from: 'Test Svc', to: 'Test Svc (2)' })
    await settled.bench.peer.first(tells(RENAMED), time)
    expect(settled.bench.peer.heard.filter((packet) => packet.time >= time && tells(INSTANCE)(packet))).toEqual([])
  })

  test('R251 conflose: so it does with its host name, and its services point to the new one', async () => {
    await settled.bench.settled()
    const { time } = await settled.bench.say(response([otherAddress]))
    const probe = await settled.bench.peer.first(probesFor(HOST), time)
    await settled.bench.say(response([otherAddress]), { at: probe.time + 10 })
    const announced = await settled.bench.peer.first(tells(RENAMED_HOST), time)
    expect(answersIn(announced.message, RENAMED_HOST, 'A')).toMatchObject([{ address: '198.18.0.2' }])
    const moved = await settled.bench.peer.first(({ message }) => {
      return answersIn(message, RENAMED, 'SRV').some((rr) => rr.type === 'SRV' && rr.target === RENAMED_HOST)
    }, time)
    expect(moved.time - time).toBeLessThanOrEqual(3 * SECOND)
  })
})

describe('a wire that repeats all that it carries, 5 to 1500 ms later, under two addresses', () => {
  test.each([4, 6])('R17 ownecho: on IPv%i, probing and announcing are as ever', (family) => {
    const own = echoed.bench.peer.heard.filter((packet) => packet.family === family)
    expect(own.filter(({ message }) => !message.response)).toHaveLength(3)
    expect(own.filter(({ message }) => message.response)).toHaveLength(2)
    expect((own[3]?.time ?? Number.NaN) - (own[0]?.time ?? 0)).toBeLessThanOrEqual(1100)
    const echoes = echoed.bench.peer.packets.filter(
      (packet) => packet.outgoing && packet.family === family && packet.dport === PORT,
    )
    expect(echoes).toHaveLength(5 * 8)
  })

  test('R17 ownecho: the name stays', () => {
    expect(echoed.cli.lines).toMatchObject([{ event: 'published', name: 'Test Svc' }])
  })
})

describe('a node that is registered again with other metadata', () => {
  test('R235 upd: the new TXT record is announced twice, a second apart, with the top bit', () => {
    const updates = republished.heard.filter((packet) => packet.family === 4 && tells(NODE)(packet))
    const told = updates.map(({ message }) => answersIn(message, NODE, 'TXT'))
    expect(told).toHaveLength(2)
    for (const [rr, ...more] of told) {
      expect(more).toEqual([])
      expect(rr?.flush).toBe(true)
      expect(rr?.type === 'TXT' && Buffer.from(rr.data).includes('after')).toBe(true)
    }
    expectGap(gaps(updates)[0], SECOND)
  })

  test('R235 upd: nothing is probed for, and nothing else repeated', () => {
    expect(republished.heard.filter(({ message }) => !message.response)).toEqual([])
    const types = republished.heard.flatMap(({ message }) => message.answers.map(({ type }) => type))
    expect(new Set(types)).toEqual(new Set(['TXT']))
  })

  test('R236 updunique: there is no goodbye for the old TXT record', () => {
    expect(republished.heard.flatMap(({ message }) => recordsOf(message)).filter(({ ttl }) => ttl === 0)).toEqual([])
  })
})

test('R241 gb: a registered node says goodbye on SIGTERM', async () => {
  const bench = await Bench.open()
  const registered = bench.start('register', 'greeter', '--port', '1', '--id', 'greeter-1')
  await registered.line({ event: 'registered' })
  const killed = Date.now()
  await registered.stop('SIGTERM')
  const heard = await bench.peer.during(killed, PROBE_GAP)
  const [goodbye] = heard.filter(({ message }) => answersIn(message, NODE, 'SRV').length > 0)
  expect(goodbye?.message.answers.map(({ ttl }) => ttl)).toContain(0)
  expect(heard.filter(tells(NODE))).toEqual([])
})
