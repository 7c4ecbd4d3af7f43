// How a host comes by its names and parts with them, as a peer on the wire sees and disputes it: RFC 6762 §8, §10.1.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { nameFromText, sameName } from '../../src/wire/name.ts'
import type { Name, Rr, RrType } from '../../src/wire/types.ts'
import { type CliProcess, until } from '../cli/cli-process.ts'
import { srv, txt } from '../mdns/records.ts'
import { Bench, FOREIGN4, HOST4, HOST6, LATE, STALL } from './bench.ts'
import {
  HOST,
  INSTANCE,
  instance,
  META,
  probe,
  probesFor,
  recordsOf,
  response,
  SUBTYPE,
  TYPE,
  typesOf,
} from './messages.ts'
import type { Packet } from './observer.ts'

const PROBE_GAP = 250
const SECOND = 1000
/** What a timer of the host may be off by, and the kernel's clock with it. */
const GAP_EARLY = 10
/** Linux reports that a group was joined two or three of its ticks later, of up to 10 ms each. */
const LATE_REPORT = 30
const PEER_HOST = nameFromText('peer.local')
const denial = response([srv(INSTANCE, { port: 9, target: PEER_HOST })])
const HOSTLY: ReadonlySet<RrType> = new Set(['A', 'AAAA', 'SRV'])
const RENAMED = instance('Test Svc (2)')
const A_IS_1 = new Uint8Array([3, ...Buffer.from('a=1')])

let bench: Bench
/** When each start of a host was. */
const starts: number[] = []

/** What a host said when nobody disputed its name, what it said to a denial that came too late, and on leaving. */
let undisputed: Record<'heard' | 'heeded' | 'goodbyes', readonly Packet[]> & { readonly killed: number }

beforeAll(async () => {
  bench = await Bench.open()
  const { since, cli } = start()
  await cli.line({ event: 'published' })
  await bench.settled()
  const own = heard(() => true, since)
  const late = await bench.say(denial, { destination: HOST4 })
  await bench.say(denial, { family: 6, destination: HOST6 })
  const heeded = await bench.peer.during(late.time, PROBE_GAP + LATE)
  const killed = Date.now()
  await cli.stop('SIGTERM')
  const goodbyes = await bench.peer.during(killed, 500)
  undisputed = { heard: own, heeded, goodbyes, killed }
})
afterAll(() => Bench.closeAll())

interface Run {
  readonly cli: CliProcess
  readonly since: number
}

function start(...words: readonly string[]): Run {
  const since = Date.now()
  starts.push(since)
  return {
    since,
    cli: bench.start('advertise', 'Test Svc', '_http._tcp', '8080', 'a=1', '--subtype', '_printer', ...words),
  }
}

async function nth(like: (packet: Packet) => boolean, number: number, since: number): Promise<Packet> {
  const found = await until(() => heard(like, since)[number - 1], 8000)
  return found ?? Promise.reject(new Error(`only ${heard(like, since).length} such packets`))
}

function heard(like: (packet: Packet) => boolean, since: number): readonly Packet[] {
  return bench.peer.heard.filter((packet) => packet.time >= since && like(packet))
}

function gaps(packets: readonly Packet[]): readonly number[] {
  return packets.slice(1).map(({ time }, index) => time - (packets[index]?.time ?? 0))
}

function expectGap(gap: number | undefined, expected: number): void {
  expect(gap).toBeGreaterThanOrEqual(expected - GAP_EARLY)
  expect(gap).toBeLessThanOrEqual(expected + STALL)
}

/** None too early; late for all but one at most, when the machine was busy with something else. */
function expectGaps(gaps: readonly number[], expected: number): void {
  for (const gap of gaps) expectGap(gap, expected)
  expect(Math.min(...gaps)).toBeLessThanOrEqual(expected + LATE)
}

/** Tells peers of an instance: a record of its name that lives, or a pointer to it. */
function tellsOf(name: Name): (packet: Packet) => boolean {
  return ({ message }) =>
    message.response &&
    recordsOf(message).some((rr) => {
      if (rr.ttl === 0) return false
      return sameName(rr.name, name) || (rr.type === 'PTR' && sameName(rr.target, name))
    })
}

function data({ name, type, ...rest }: Rr): unknown {
  return { name, type, ...rest, ttl: 0, flush: false }
}

describe.each([4, 6] as const)('a start that nobody disputes, seen on IPv%i', (family) => {
  let probes: readonly Packet[]
  let announcements: readonly Packet[]

  beforeAll(() => {
    const own = undisputed.heard.filter((packet) => packet.family === family)
    probes = own.filter(({ message }) => !message.response)
    announcements = own.filter(({ message }) => message.response)
  })

  test('R195 pr3: three probes, 250 ms apart', () => {
    expect(probes).toHaveLength(3)
    expectGaps(gaps(probes), PROBE_GAP)
    const first = announcements[0]?.time ?? 0
    expect(first - (probes[0]?.time ?? 0)).toBeGreaterThanOrEqual(3 * PROBE_GAP - GAP_EARLY)
  })

  test('R196 prany: asks for ANY record of class IN', () => {
    for (const { message } of probes) {
      expect(message.questions.map(({ name }) => name).sort()).toEqual([INSTANCE, HOST].sort())
      for (const question of message.questions) {
        expect(question).toMatchObject({ type: 'ANY', class: 1 })
      }
    }
  })

  test('R197 prqu: asks for answers by unicast', () => {
    const questions = probes.flatMap(({ message }) => message.questions)
    expect(questions.filter(({ unicast }) => !unicast)).toEqual([])
  })

  test('R198 prauth: proposes all that is announced as its own', () => {
    const unique = announcements[0]?.message.answers.filter(({ flush }) => flush) ?? []
    expect(typesOf(unique)).toEqual(['A', 'AAAA', 'SRV', 'TXT'])
    for (const { message } of probes) {
      expect(message.authorities.map(data)).toEqual(expect.arrayContaining(unique.map(data)))
      expect(message.authorities).toHaveLength(unique.length)
    }
  })

  test('R199 prflush: proposes without the top bit', () => {
    const proposed = probes.flatMap(({ message }) => message.authorities)
    expect(proposed.filter(({ flush }) => flush)).toEqual([])
  })

  test('R229 an2: two announcements, the first 250 ms after the last probe, the second a second later', () => {
    expect(announcements).toHaveLength(2)
    const wait = (announcements[0]?.time ?? 0) - (probes[2]?.time ?? 0)
    expect(wait).toBeGreaterThanOrEqual(PROBE_GAP - GAP_EARLY)
    expect(wait).toBeLessThanOrEqual(SECOND)
    expectGap(gaps(announcements)[0], SECOND)
  })

  test('R233 anflush: the top bit marks what is its own, and nothing else', () => {
    for (const { message } of announcements) {
      const flushed = message.answers.filter(({ flush }) => flush)
      expect(typesOf(flushed)).toEqual(['A', 'AAAA', 'SRV', 'TXT'])
      const shared = message.answers.filter(({ flush }) => !flush)
      expect(shared.map(({ name }) => name).sort()).toEqual([META, SUBTYPE, TYPE].sort())
    }
  })

  test('R263 ttl120: gives 120 seconds to what names a host', () => {
    const named = announcements.flatMap(({ message }) => message.answers).filter(({ type }) => HOSTLY.has(type))
    expect(typesOf(named)).toEqual(['A', 'AAAA', 'SRV'])
    expect(new Set(named.map(({ ttl }) => ttl))).toEqual(new Set([120]))
  })

  test('R264 ttl4500: gives 4500 seconds to all else', () => {
    const others = announcements.flatMap(({ message }) => message.answers).filter(({ type }) => !HOSTLY.has(type))
    expect(typesOf(others)).toEqual(['PTR', 'TXT'])
    expect(new Set(others.map(({ ttl }) => ttl))).toEqual(new Set([4500]))
  })

  test('R12 uc2s: hears no denial by unicast once it asks no more', () => {
    expect(undisputed.heeded).toEqual([])
  })

  test('R241 gb: SIGTERM says goodbye to all of it within 100 ms, and nothing after that', () => {
    const goodbyes = undisputed.goodbyes.filter((packet) => packet.family === family)
    const [first] = goodbyes
    expect((first?.time ?? Number.NaN) - undisputed.killed).toBeLessThanOrEqual(100 + STALL)
    const announced = announcements[0]?.message.answers ?? []
    expect(first?.message.answers.map(data)).toEqual(expect.arrayContaining(announced.map(data)))
    expect(goodbyes.flatMap(({ message }) => recordsOf(message)).filter(({ ttl }) => ttl > 0)).toEqual([])
  })
})

describe('a name that is disputed', { retry: 1 }, () => {
  let run: Run
  afterEach(async () => {
    await run.cli.stop('SIGTERM')
  })

  test.each([
    ['after the first probe, by multicast', 1, 5, {}],
    ['after the first probe, by unicast', 1, 5, { destination: HOST4 }],
    ['just before the end, by multicast', 3, PROBE_GAP - 25, {}],
    ['just before the end, by unicast', 3, PROBE_GAP - 25, { destination: HOST4 }],
  ])('R203 prconf: denied %s, it is never announced, and another is probed for', async (_, number, wait, how) => {
    run = start('-4')
    const { time } = await nth(probesFor(INSTANCE), number, run.since)
    await bench.say(denial, { ...how, at: time + wait })
    await run.cli.line({ event: 'renamed', from: 'Test Svc', to: 'Test Svc (2)' })
    await run.cli.line({ event: 'published', name: 'Test Svc (2)' })
    await bench.peer.first(tellsOf(RENAMED), run.since)
    expect(heard(probesFor(RENAMED), run.since)).toHaveLength(3)
    expect(heard(tellsOf(INSTANCE), run.since)).toEqual([])
  })

  test('R11 uconlink: denied by unicast from off the subnet, it is kept', async () => {
    run = start('-4')
    const { time } = await nth(probesFor(INSTANCE), 1, run.since)
    await bench.say(denial, { destination: HOST4, source: FOREIGN4, at: time + 5 })
    await bench.peer.first(tellsOf(INSTANCE), run.since)
    expect(heard(probesFor(INSTANCE), run.since)).toHaveLength(3)
    expect(heard(probesFor(RENAMED), run.since)).toEqual([])
  })

  /** Below and above ours, in the only record that differs. */
  const loser = probe(INSTANCE, [txt(INSTANCE, { data: A_IS_1 }), srv(INSTANCE, { port: 8079, target: HOST })])
  const winner = probe(INSTANCE, [txt(INSTANCE, { data: A_IS_1 }), srv(INSTANCE, { port: 8081, target: HOST })])

  test('R223 tiewin: a rival whose data is earlier changes nothing', async () => {
    run = start('-6')
    const { time } = await nth(probesFor(INSTANCE), 1, run.since)
    await bench.say(loser, { family: 6, at: time + 100 })
    await bench.peer.first(tellsOf(INSTANCE), run.since)
    const probes = heard(probesFor(INSTANCE), run.since)
    expect(probes).toHaveLength(3)
    expectGaps(gaps(probes), PROBE_GAP)
  })

  test('R224 tieloser: one whose data is later has it wait a second, and try the same name again', async () => {
    run = start('-6')
    const { time } = await nth(probesFor(INSTANCE), 1, run.since)
    const rival = await bench.say(winner, { family: 6, at: time + 100 })
    await bench.peer.first(tellsOf(INSTANCE), run.since)
    const [, ...again] = heard(probesFor(INSTANCE), run.since)
    expect(again).toHaveLength(3)
    expectGap((again[0]?.time ?? 0) - rival.time, SECOND)
    expectGaps(gaps(again), PROBE_GAP)
  })

  test('R224 tieloser: when the winner defends the name, it takes another', async () => {
    run = start('-4')
    const { time } = await nth(probesFor(INSTANCE), 1, run.since)
    await bench.say(winner, { at: time + 100 })
    const again = await nth(probesFor(INSTANCE), 2, run.since)
    await bench.say(response([srv(INSTANCE, { port: 8081, target: HOST })]), { at: again.time + 10 })
    await run.cli.line({ event: 'published', name: 'Test Svc (2)' })
    await bench.peer.first(tellsOf(RENAMED), run.since)
    expect(heard(tellsOf(INSTANCE), run.since)).toEqual([])
  })
})

test('R194 prdelay: each start waits for a random time of up to 250 ms', () => {
  const waits = starts.flatMap((since, index) => {
    const before = starts[index + 1] ?? Number.POSITIVE_INFINITY
    const own = bench.peer.packets.filter(({ time, outgoing }) => !outgoing && time >= since && time < before)
    const joined = own.filter(
      ({ protocol, hex }) => protocol === 'membership' && /04000000(e00000fb|ff02.*fb)/.test(hex),
    )
    const families = new Set(own.filter(({ protocol }) => protocol === 'udp').map(({ family }) => family))
    return [...families].map((family) => {
      const join = joined.find((packet) => packet.family === family)?.time ?? Number.NaN
      const first = own.find((packet) => packet.family === family && probesFor(INSTANCE)(packet))?.time ?? Number.NaN
      return first - join
    })
  })
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(-LATE_REPORT)
  expect(Math.max(...waits)).toBeLessThanOrEqual(250 + STALL)
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(50)
})
