// What a plain DNS resolver gets that asks from another port than 5353: RFC 6762 §6.7.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Name, type QuestionType, type Rr } from '../../src/wire/types.ts'
import { question } from '../mdns/records.ts'
import { Bench, HOST4, HOST6, LATE, PEER4, PEER6, type Reply } from './bench.ts'
import { answers, ask, HOST, INSTANCE, query, recordsOf, TYPE, withId } from './messages.ts'

const MANY = fileURLToPath(new URL('many-services.mjs', import.meta.url))
const CROWD = 40
const RESOLVER = 40_000
const ID = 0x1234
const REGISTRY_TYPE = nameFromText('_mdns-registry._tcp.local')
/** Octets that a resolver takes when it does not say. */
const PLAIN = 512
const EXTENDED = 1232
const MIXED_CASE = nameFromText('tEsT sVc._HTTP._tcp.LOCAL')
/** On the wire, with nothing left out. */
const WHOLE_TARGET = Buffer.concat([
  Buffer.from([8]),
  Buffer.from('dut-host'),
  Buffer.from([5]),
  Buffer.from('local\0'),
])

let bench: Bench
beforeAll(async () => {
  bench = await Bench.open()
  await bench.advertise()
  await bench.settled()
})
afterAll(() => Bench.closeAll())

async function resolve(name: Name, type: QuestionType, family: 4 | 6 = 4): Promise<readonly Reply[]> {
  return bench.repliesTo(withId(ask(name, type), ID), { family, sport: RESOLVER }, 400)
}

describe.each([
  [4, HOST4, PEER4],
  [6, HOST6, PEER6],
] as const)('on IPv%i', (family, host, peer) => {
  test('R181 leguni: the reply goes to the address and port that asked, once, and to nobody else', {
    retry: 2,
  }, async () => {
    const replies = await resolve(INSTANCE, 'SRV', family)
    expect(replies).toHaveLength(1)
    expect(replies[0]).toMatchObject({ source: host, sport: 5353, destination: peer, dport: RESOLVER })
    expect(replies[0]?.after).toBeLessThanOrEqual(10 + LATE)
  })

  test('R182 legid: it has the ID and the question, letter by letter', async () => {
    const [reply] = await resolve(MIXED_CASE, 'SRV', family)
    expect(reply?.message).toMatchObject({
      id: ID,
      response: true,
      authoritative: true,
      questions: [question(MIXED_CASE, 'SRV')],
    })
  })

  describe.each<[Name, QuestionType]>([
    [TYPE, 'PTR'],
    [INSTANCE, 'ANY'],
    [HOST, 'A'],
  ])('the reply to %s %s', (name, type) => {
    let records: readonly Rr[]
    beforeAll(async () => {
      const [reply] = await resolve(name, type, family)
      records = reply ? recordsOf(reply.message) : []
    })

    test('R183 legflush: has the top bit nowhere', () => {
      expect(records).not.toEqual([])
      expect(records.filter(({ flush }) => flush)).toEqual([])
    })

    test('R184 legttl: gives no record more than 10 s', () => {
      expect(records.map(({ ttl }) => ttl)).toEqual(records.map(() => 10))
    })
  })

  test('R192 legneg: the reply about a type that the host does not have is empty, and no error', async () => {
    const [reply] = await resolve(HOST, 'SRV', family)
    expect(reply?.message).toMatchObject({ id: ID, rcode: 0, questions: [question(HOST, 'SRV')] })
    expect(reply?.message.answers.filter(({ type }) => type === 'SRV')).toEqual([])
  })

  test('R185 legsrv: the target of an SRV record is written out', async () => {
    const [reply] = await resolve(INSTANCE, 'SRV', family)
    const bytes = Buffer.from(reply?.hex ?? '', 'hex')
    const rdata = Buffer.concat([Buffer.from('000000001f90', 'hex'), WHOLE_TARGET])
    expect(bytes.includes(rdata)).toBe(true)
  })
})

describe('a long reply', () => {
  let crowd: Bench
  let child: ReturnType<typeof spawn>

  beforeAll(async () => {
    crowd = await Bench.open()
    const [command = '', ...words] = [...crowd.before, process.execPath, MANY, `${CROWD}`]
    child = spawn(command, words, { stdio: 'ignore' })
    await crowd.peer.first(answers(REGISTRY_TYPE, 'PTR'), 0)
    await crowd.settled()
  })
  afterAll(() => {
    child.kill('SIGKILL')
  })

  async function size(bytes: Uint8Array) {
    const replies = await crowd.repliesTo(bytes, { sport: RESOLVER }, 400)
    expect(replies).toHaveLength(1)
    const reply = Buffer.from(replies[0]?.hex ?? '', 'hex')
    return { octets: reply.length, truncated: decode(reply).truncated, answers: decode(reply).answers.length }
  }

  test('R186 legtc: has 512 octets and is marked as cut off', async () => {
    const { octets, truncated, answers } = await size(withId(ask(REGISTRY_TYPE, 'PTR'), ID))
    expect(octets).toBeLessThanOrEqual(PLAIN)
    expect(truncated).toBe(true)
    expect(answers).toBeGreaterThan(0)
  })

  test('R186 legtc: has as many octets as the resolver offers', async () => {
    const offer: Rr = {
      name: nameFromText('.'),
      type: 'TYPE41',
      class: EXTENDED,
      flush: false,
      ttl: 0,
      data: new Uint8Array(),
    }
    const questions = [question(REGISTRY_TYPE, 'PTR')]
    const { octets, truncated, answers } = await size(encode({ id: ID, questions, additionals: [offer] }))
    expect(octets).toBeGreaterThan(PLAIN)
    expect(octets).toBeLessThanOrEqual(EXTENDED)
    expect(truncated).toBe(answers < CROWD)
  })

  test('R186 legtc: that fits without its additional records is whole', async () => {
    const node = nameFromText('service-1-a._mdns-registry._tcp.local')
    const { octets, truncated } = await size(query([question(node, 'ANY')]))
    expect(octets).toBeLessThanOrEqual(PLAIN)
    expect(truncated).toBe(false)
  })
})

test('every reply here was of class IN', () => {
  const replies = bench.peer.heard.filter(({ dport }) => dport === RESOLVER)
  expect(replies.length).toBeGreaterThan(10)
  const classes = replies.flatMap(({ message }) => recordsOf(message).map((rr) => rr.class))
  expect(new Set(classes)).toEqual(new Set([CLASS_IN]))
})
