// What a host answers and when, as a peer on the wire measures it: RFC 6762 §5.4, §6, §7.1.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { Name, NsecRr, RrType } from '../../src/wire/types.ts'
import { ptr, question } from '../mdns/records.ts'
import { Bench, datagram, EARLY, LATE, type Reply, STALL } from './bench.ts'
import { answers, answersIn, ask, HOST, INSTANCE, instance, META, query, recordsOf, SUBTYPE, TYPE } from './messages.ts'
import type { Packet } from './observer.ts'

/** A host is answered ten times a second by unicast. */
const UNICAST_GAP = 120
const SAMPLES = 40
const SHARED = { min: 20, max: 120 }
const HELD = 500
const HINFO: RrType = 'TYPE13'

/** The names and types of records that are the host's alone. */
const UNIQUE = [
  [INSTANCE, 'SRV'],
  [INSTANCE, 'TXT'],
  [HOST, 'A'],
  [HOST, 'AAAA'],
] as const

let bench: Bench
let unique: readonly number[]
let shared: readonly number[]

beforeAll(async () => {
  bench = await Bench.open()
  await bench.advertise()
  await bench.settled()
  ;[unique, shared] = await Promise.all([unicastDelays(6, UNIQUE), unicastDelays(4, [[TYPE, 'PTR']])])
})
afterAll(() => Bench.closeAll())

/** How long each of many unicast answers took; the question goes out at even intervals. */
async function unicastDelays(family: 4 | 6, questions: readonly (readonly [Name, RrType])[]) {
  const start = Date.now() + 50
  const asked = Array.from({ length: SAMPLES }, (_, index) => {
    const [name, type] = questions[index % questions.length] ?? [HOST, 'A']
    return { name, type, at: start + index * UNICAST_GAP }
  })
  const orders = asked.map(({ name, type, at }) => datagram(query([question(name, type, true)]), { family, at }))
  const sent = await bench.peer.send(...orders)
  const heard = await bench.peer.during(start, SAMPLES * UNICAST_GAP + 2 * SHARED.max)
  const replies = heard.filter((packet) => !packet.multicast && packet.family === family)
  expect(replies).toHaveLength(SAMPLES)
  // The shortest wait for one is longer than the longest that is left for the one before: none overtakes another.
  return replies.map(({ time }, index) => time - (sent[index]?.time ?? 0))
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function expectShared(after: number): void {
  expect(after).toBeGreaterThanOrEqual(SHARED.min - EARLY)
  expect(after).toBeLessThanOrEqual(SHARED.max + STALL)
}

/** Of many, so few may be later than `most`, when the machine was busy with something else; and none for long. */
function expectWithin(delays: readonly number[], most: number): void {
  expect(delays.filter((delay) => delay > most + LATE).length).toBeLessThanOrEqual(SAMPLES / 20)
  expect(Math.max(...delays)).toBeLessThanOrEqual(most + STALL)
}

describe('what is the host’s alone', { retry: 2 }, () => {
  test('R133 imm10: is told by unicast within 10 ms', () => {
    expectWithin(unique, 10)
    expect(median(unique)).toBeLessThanOrEqual(10)
  })

  test.each<[RrType, Name]>([
    ['SRV', INSTANCE],
    ['TXT', INSTANCE],
    ['AAAA', HOST],
  ])('R133 imm10: %s is told to the group within 10 ms', async (type, name) => {
    await bench.rested()
    const [reply] = await bench.repliesTo(ask(name, type), {}, 200)
    expect(reply?.message.answers.map((rr) => rr.type)).toContain(type)
    expect(reply?.after).toBeLessThanOrEqual(10 + LATE)
  })
})

test('R134 sh20: what others may answer too waits between 20 and 120 ms, at random', () => {
  for (const delay of shared) expectShared(delay)
  expectWithin(shared, SHARED.max)
  const quarters = [0, 0, 0, 0]
  for (const delay of shared) {
    const quarter = Math.min(3, Math.max(0, Math.floor((delay - SHARED.min) / 25)))
    quarters[quarter] = (quarters[quarter] ?? 0) + 1
  }
  // Of 40, each quarter has ten at the mean; one has none in a run of 25,000.
  for (const each of quarters) expect(each).toBeGreaterThanOrEqual(1)
})

test.each([TYPE, SUBTYPE, META])('R134 sh20: %s is answered to the group between 20 and 120 ms', async (name) => {
  await bench.rested()
  const [reply] = await bench.repliesTo(ask(name, 'PTR'))
  expect(reply?.multicast).toBe(true)
  expectShared(reply?.after ?? Number.NaN)
})

test('R141 agg500: answers to two questions in a row leave together', { retry: 2 }, async () => {
  await bench.rested()
  const sent = await bench.peer.send(datagram(ask(TYPE, 'PTR')), datagram(ask(META, 'PTR')))
  const first = sent[0]?.time ?? 0
  expect((sent[1]?.time ?? 0) - first).toBeLessThan(5)
  const heard = await bench.peer.during(first, 1000)
  expect(heard).toHaveLength(1)
  expect(heard.every(answers(TYPE, 'PTR')) && heard.every(answers(META, 'PTR'))).toBe(true)
  expect((heard[0]?.time ?? 0) - first).toBeLessThanOrEqual(SHARED.max + HELD + STALL)
})

describe('how often', () => {
  test('R143 rate1s: asked by twelve hosts in a second, a record is multicast once, then again', async () => {
    await bench.rested()
    const start = Date.now() + 50
    const questions = Array.from({ length: 12 }, (_, index) =>
      datagram(ask(TYPE, 'PTR'), { source: `198.18.0.${20 + index}`, at: start + 100 * index }),
    )
    await bench.peer.send(...questions)
    const heard = (await bench.peer.during(start, 2500)).filter(answers(TYPE, 'PTR'))
    expect(heard.length).toBeGreaterThanOrEqual(2)
    expect(heard.length).toBeLessThanOrEqual(3)
  })

  test('R143 rate1s: no record at all is multicast twice in a second', () => {
    for (const [key, times] of multicastTimes()) {
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      // The second announcement may be 10 ms early.
      expect(Math.min(...gaps), key).toBeGreaterThanOrEqual(1000 - 10)
    }
  })
})

/** When each record was multicast, by family, name, type and data. */
function multicastTimes(): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>()
  const responses = bench.peer.heard.filter(({ multicast, message }) => multicast && message.response)
  for (const { family, message, time } of responses) {
    for (const { ttl: _, ...rr } of recordsOf(message)) {
      const key = `${family} ${JSON.stringify(rr)}`
      times.set(key, [...(times.get(key) ?? []), time])
    }
  }
  return times
}

describe('what the asker knows', () => {
  /** The pointer is asked for with what is known of it; the SRV record is the witness. */
  async function repliesKnowing(ttl: number): Promise<readonly Reply[]> {
    await bench.rested()
    const witness = question(INSTANCE, 'SRV', true)
    return bench.repliesTo(query([question(TYPE, 'PTR'), witness], [ptr(INSTANCE, ttl)]))
  }

  test.each([4500, 2250])('R149 kasup: known for %i of 4500 seconds, it is not told', async (ttl) => {
    const replies = await repliesKnowing(ttl)
    expect(replies.some(answers(INSTANCE, 'SRV'))).toBe(true)
    expect(replies.filter(answers(TYPE, 'PTR'))).toEqual([])
  })

  test.each([2249, 1, 0])('R150 kalow: known for %i of 4500 seconds, it is told', async (ttl) => {
    const told = (await repliesKnowing(ttl)).filter(answers(TYPE, 'PTR'))
    expect(told).toHaveLength(1)
    expectShared(told[0]?.after ?? Number.NaN)
  })

  test('R151 kamatch: another instance that is known is not this one', async () => {
    await bench.rested()
    const replies = await bench.repliesTo(ask(TYPE, 'PTR', [ptr(instance('Another'))]))
    expect(replies.filter(answers(TYPE, 'PTR'))).toHaveLength(1)
  })
})

describe('what does not exist', { retry: 2 }, () => {
  function denials(packets: readonly Packet[], name: Name): readonly NsecRr[] {
    return packets.flatMap(({ message }) => answersIn(message, name, 'NSEC')) as readonly NsecRr[]
  }

  test.each<[string, Name, RrType, readonly RrType[]]>([
    ['the instance has no A', INSTANCE, 'A', ['SRV', 'TXT']],
    ['the host has no HINFO', HOST, HINFO, ['A', 'AAAA']],
    ['the host has no SRV', HOST, 'SRV', ['A', 'AAAA']],
  ])('R158 nsecmust: %s, and says so within 10 ms', async (_title, name, type, exist) => {
    await bench.rested()
    const replies = await bench.repliesTo(ask(name, type))
    const [denial, ...more] = denials(replies, name)
    expect(more).toEqual([])
    expect(denial).toMatchObject({ name, next: name, flush: true, ttl: 120 })
    expect([...(denial?.types ?? [])].sort()).toEqual(exist)
    expect(replies[0]?.after).toBeLessThanOrEqual(10 + LATE)
  })

  test('R165 nseconly: of a name that is not its own, it says nothing', async () => {
    const questions = [question(TYPE, 'AAAA'), question(nameFromText('no.local'), 'A'), question(INSTANCE, 'TXT', true)]
    const replies = await bench.repliesTo(query(questions))
    expect(replies.flatMap(({ message }) => message.answers.map(({ type }) => type))).toEqual(['TXT'])
  })
})
