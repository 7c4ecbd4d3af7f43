// Where packets come from and go to, with which TTL and header, as a peer on the wire sees it: RFC 6762 §3–6, §11.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { a, question } from '../mdns/records.ts'
import {
  Bench,
  datagram,
  FOREIGN4,
  GROUP4,
  GROUP6,
  HOST4,
  HOST6,
  LATE,
  PEER4,
  PEER6,
  PORT,
  type Reply,
} from './bench.ts'
import { answers, answersIn, ask, askUnicast, HOST, INSTANCE, query, TYPE, withFlags, withId } from './messages.ts'
import type { Packet } from './observer.ts'

const FAMILIES = [4, 6] as const
const GROUP = { 4: GROUP4, 6: GROUP6 }
const HOST_AT = { 4: HOST4, 6: HOST6 }
const PEER_AT = { 4: PEER4, 6: PEER6 }
const LEGACY_PORT = 40_000
const OPCODES = [1, 2, 4, 5]
const ELSEWHERE = nameFromText('elsewhere.local')

let bench: Bench

beforeAll(async () => {
  bench = await Bench.open()
  await bench.advertise()
  await bench.settled()
})
afterAll(() => Bench.closeAll())

function membershipOf(group: string): Packet | undefined {
  const hex = group === GROUP4 ? 'e00000fb' : 'ff0200000000000000000000000000fb'
  return bench.peer.packets.find(({ protocol, outgoing, hex: told }) => {
    return protocol === 'membership' && !outgoing && told.includes(hex)
  })
}

function toGroup(replies: readonly Reply[]): readonly Reply[] {
  return replies.filter(({ multicast }) => multicast)
}

function toPeer(replies: readonly Reply[]): readonly Reply[] {
  return replies.filter(({ multicast }) => !multicast)
}

/** Everything that the bench has heard so far and that is a response. */
function responses(): readonly Packet[] {
  return bench.peer.heard.filter(({ message }) => message.response)
}

describe.each([
  [4, 'R1 grp4'],
  [6, 'R2 grp6'],
] as const)('IPv%i', (family, rule) => {
  test(`${rule}: a member of the group from the start, and answers there what is asked there`, async () => {
    expect(membershipOf(GROUP[family])).toMatchObject({ source: HOST_AT[family] })
    await bench.rested()
    const replies = await bench.repliesTo(ask(HOST, 'A'), { family })
    expect(replies).toHaveLength(1)
    expect(replies[0]).toMatchObject({ destination: GROUP[family], dport: PORT, source: HOST_AT[family], sport: PORT })
  })

  test(`${rule}: another port of the group is no mDNS`, async () => {
    await bench.rested()
    const elsewhere = datagram(ask(HOST, 'A'), { family, dport: 5354 })
    const replies = await bench.repliesAfter([elsewhere], datagram(ask(INSTANCE, 'TXT'), { family }))
    expect(replies.map(({ message }) => message.answers.map(({ type }) => type))).toEqual([['TXT']])
  })

  test('R6 dstr: a QM question from port 5353 is answered to the group alone', async () => {
    await bench.rested()
    const replies = await bench.repliesTo(query([question(HOST, 'A'), question(TYPE, 'PTR')]), { family })
    expect(toGroup(replies).length).toBeGreaterThan(0)
    expect(toPeer(replies)).toEqual([])
  })

  test('R79 quuni: a QU question is answered by unicast to where it came from, and by nothing else', async () => {
    await bench.rested()
    const replies = await bench.repliesTo(askUnicast(INSTANCE, 'SRV'), { family })
    expect(replies).toHaveLength(1)
    expect(replies[0]).toMatchObject({ destination: PEER_AT[family], dport: PORT, source: HOST_AT[family] })
  })

  test('R13 duq: a question to the host alone is answered by unicast', async () => {
    await bench.rested()
    const replies = await bench.repliesTo(ask(INSTANCE, 'SRV'), { family, destination: HOST_AT[family] })
    expect(replies).toHaveLength(1)
    expect(replies[0]).toMatchObject({ destination: PEER_AT[family], dport: PORT, source: HOST_AT[family] })
  })
})

test('R3 dual: each probe and each announcement is seen once in each family', () => {
  for (const family of FAMILIES) {
    const own = bench.peer.heard.filter((packet) => packet.family === family)
    expect(own.filter(({ message }) => message.authorities.length > 0)).toHaveLength(3)
    const announced = own.filter(({ message }) => message.response && answersIn(message, TYPE, 'PTR').length > 0)
    expect(announced.filter(({ message }) => answersIn(message, INSTANCE, 'SRV').length > 0)).toHaveLength(2)
  }
})

test('R3 dual: what is asked in one family is answered in it, and not in the other', async () => {
  for (const family of FAMILIES) {
    await bench.rested()
    const replies = await bench.repliesTo(ask(INSTANCE, 'TXT'), { family })
    expect(replies.map((reply) => reply.family)).toEqual([family])
  }
})

test('R13 duq: a question to the host alone from off the link gets no answer', async () => {
  await bench.rested()
  const how = { source: FOREIGN4, destination: HOST4 }
  const foreign = [PORT, LEGACY_PORT].map((sport) => datagram(ask(INSTANCE, 'SRV'), { ...how, sport }))
  const witness = datagram(ask(INSTANCE, 'TXT'), { destination: HOST4 })
  const replies = await bench.repliesAfter(foreign, witness, 2000)
  expect(replies.map(({ destination }) => destination)).toEqual([PEER4])
  expect(replies[0]?.message.answers.map(({ type }) => type)).toEqual(['TXT'])
})

test('R14 offsubqu: a QU question from off the subnet is answered by multicast', async () => {
  await bench.rested()
  const replies = await bench.repliesTo(askUnicast(HOST, 'A'), { source: FOREIGN4 })
  expect(replies.map(({ destination }) => destination)).toEqual([GROUP4])
})

test('R19 idr: the answer to the group has ID 0, whatever the question had', async () => {
  await bench.rested()
  const replies = await bench.repliesTo(withId(ask(HOST, 'A'), 0xbeef))
  expect(replies.map(({ multicast, message }) => [multicast, message.id])).toEqual([[true, 0]])
})

test('R22 opcode: a query with another opcode is ignored', async () => {
  await bench.rested()
  const others = OPCODES.map((opcode) => datagram(withFlags(ask(HOST, 'A'), opcode << 11)))
  const replies = await bench.repliesAfter(others, datagram(ask(INSTANCE, 'TXT')))
  expect(replies.map(({ message }) => message.answers.map(({ type }) => type))).toEqual([['TXT']])
})

test('R22 opcode: a response with another opcode is not heard', async () => {
  await bench.rested()
  const conflict = datagram(withFlags(query([], [a('198.18.0.77', { name: HOST })]), 0x8400 | (4 << 11)))
  const replies = await bench.repliesAfter([conflict], datagram(askUnicast(HOST, 'A')))
  expect(replies.map(({ message }) => message.response)).toEqual([true])
})

test('R9 rsp5353: a contradiction from another port than 5353 is not heard', async () => {
  await bench.rested()
  const bytes = withFlags(query([], [a('198.18.0.77', { name: HOST })]), 0x8400)
  const conflict = datagram(bytes, { sport: LEGACY_PORT })
  const replies = await bench.repliesAfter([conflict], datagram(askUnicast(HOST, 'A')))
  expect(replies.map(({ message }) => message.response)).toEqual([true])
})

test('a question that is not the host’s to answer gets no answer', async () => {
  const replies = await bench.repliesTo(query([question(ELSEWHERE, 'A'), question(INSTANCE, 'TXT', true)]))
  expect(replies.flatMap(({ message }) => message.answers.map(({ type }) => type))).toEqual(['TXT'])
})

describe('all that the host has sent here', () => {
  beforeAll(async () => {
    for (const family of FAMILIES) {
      await bench.say(ask(INSTANCE, 'SRV'), { family, sport: LEGACY_PORT })
      await bench.peer.first((packet) => packet.dport === LEGACY_PORT && packet.family === family, 0)
    }
  })

  test('has every kind of response in it', () => {
    for (const family of FAMILIES) {
      const own = responses().filter((packet) => packet.family === family)
      expect(own.some(({ multicast }) => multicast)).toBe(true)
      expect(own.some(({ multicast, dport }) => !multicast && dport === PORT)).toBe(true)
      expect(own.some(({ dport }) => dport === LEGACY_PORT)).toBe(true)
    }
  })

  test('R5 srcr: comes from port 5353', () => {
    expect(bench.peer.heard.filter(({ sport }) => sport !== PORT)).toEqual([])
  })

  test('R7 ttl255: has an IP TTL or hop limit of 255', () => {
    expect(bench.peer.heard.filter(({ ttl }) => ttl !== 255)).toEqual([])
  })

  test('R19 idr: has the ID 0, but for the replies to plain resolvers', () => {
    expect(bench.peer.heard.filter(({ dport, message }) => dport === PORT && message.id !== 0)).toEqual([])
  })

  test('R30 noqinr: has no question in a response, but for those to plain resolvers', () => {
    const asking = responses().filter(({ dport, message }) => dport === PORT && message.questions.length > 0)
    expect(asking).toEqual([])
  })

  test('R263 ttl120: gives 120 seconds to what names a host', () => {
    const lives = responses()
      .filter(({ dport }) => dport === PORT)
      .flatMap(({ message }) => [...message.answers, ...message.additionals])
    for (const rr of lives) expect(rr.ttl).toBe(rr.type === 'PTR' || rr.type === 'TXT' ? 4500 : 120)
    expect(new Set(lives.map(({ type }) => type))).toEqual(new Set(['A', 'AAAA', 'PTR', 'SRV', 'TXT']))
  })
})

test('R133 imm10: an address is told within 10 ms', { retry: 2 }, async () => {
  await bench.rested()
  const { time } = await bench.say(ask(HOST, 'A'))
  const answer = await bench.peer.first(answers(HOST, 'A'), time)
  expect(answer.time - time).toBeLessThanOrEqual(10 + LATE)
})
