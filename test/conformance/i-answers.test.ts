import { describe, expect, test } from 'vitest'
import type { Publication } from '../../src/mdns/types.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { CLASS_ANY, CLASS_IN, type Question, type Rr } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  brief,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  type LabOptions,
  opaque,
  ptr,
  question,
  recordsOf,
  responsesOf,
  SUBTYPE,
  service,
  srv,
  TYPE,
  text,
} from './lab.ts'

const TARGET = nameFromText('web.local')

const alias: Publication = {
  id: 'alias',
  needsHost: true,
  records: ({ host }) => [{ type: 'CNAME', name: TARGET, class: CLASS_IN, flush: true, ttl: 120, target: host }],
}

function replyTo(questions: Question | readonly Question[], options: LabOptions = {}, family: 4 | 6 = 4) {
  const lab = Lab.settled(options)
  lab.ask(questions, {}, { family })
  const [reply, ...more] = responsesOf(lab.listen(1_000))
  expect(more).toEqual([])
  return {
    answers: reply ? recordsOf(reply, 'answers') : [],
    additionals: reply ? recordsOf(reply, 'additionals') : [],
  }
}

const nsec = (name: Rr['name'], types: readonly Rr['type'][], ttl = 120) => {
  return { type: 'NSEC', name, class: CLASS_IN, flush: true, ttl, next: name, types }
}

describe('what is answered', () => {
  test('R121 any: ANY gets all records of the name, for class ANY too', () => {
    expect(replyTo(question(INSTANCE, 'ANY')).answers).toEqual([srv(INSTANCE), text(INSTANCE)])
    expect(replyTo({ ...question(INSTANCE, 'SRV'), class: CLASS_ANY }).answers).toEqual([srv(INSTANCE)])
    const host = replyTo(question(HOST, 'ANY'), { families: [4, 6] }).answers
    expect(host.map(({ type }) => type)).toEqual(['A', 'AAAA', 'AAAA'])
    const publications = [service('One'), service('Two')]
    const pointers = replyTo(question(TYPE, 'ANY'), { publications }).answers
    expect(pointers).toEqual([ptr(TYPE, instanceAt('One')), ptr(TYPE, instanceAt('Two'))])
    expect(replyTo({ ...question(INSTANCE, 'SRV'), class: 3 }).answers).toEqual([])
  })

  test('R122 cname: an alias answers every type, with the addresses of its target', () => {
    const { answers, additionals } = replyTo(question(TARGET, 'A'), { publications: [alias] })
    expect(answers).toMatchObject([{ type: 'CNAME', target: HOST }])
    expect(additionals).toContainEqual(a(HOST, ADDRESS))
  })

  test('R129 qtypeaddl, R175 addptr, R176 addsrv, R177 addtxt: the answer, and what is asked next', () => {
    for (const name of [TYPE, SUBTYPE]) {
      const { answers, additionals } = replyTo(question(name, 'PTR'))
      expect(answers).toEqual([ptr(name, INSTANCE)])
      expect(additionals).toEqual([srv(INSTANCE), text(INSTANCE), a(HOST, ADDRESS), nsec(HOST, ['A'])])
    }
    const forSrv = replyTo(question(INSTANCE, 'SRV'))
    expect(forSrv).toEqual({ answers: [srv(INSTANCE)], additionals: [a(HOST, ADDRESS), nsec(HOST, ['A'])] })
    expect(replyTo(question(INSTANCE, 'TXT'))).toEqual({ answers: [text(INSTANCE)], additionals: [] })
  })

  test('R174 addrother, R172 addrall: the other family rides along, all addresses of the interface, no other', () => {
    const { answers, additionals } = replyTo(question(HOST, 'A'), { families: [4, 6] }, 6)
    const addresses = [...answers, ...additionals].map((rr) => 'address' in rr && rr.address)
    expect(addresses).toEqual([ADDRESS, 'fe80::1', '2001:db8::1'])
  })

  test('R126 nodup: no record comes twice in one datagram', () => {
    const questions = (['PTR', 'ANY'] as const).map((type) => question(TYPE, type))
    const all = replyTo([...questions, question(INSTANCE, 'SRV'), question(INSTANCE, 'ANY'), question(HOST, 'A')])
    const records = [...all.answers, ...all.additionals].map(brief)
    expect(new Set(records).size).toBe(records.length)
    expect(records).toContain(`SRV! ${INSTANCE} 120`)
  })

  test('R124 flushset, R125 flushshared, R263 ttl120, R264 ttl4500, R265 ttlorig: bits and TTLs everywhere', () => {
    const lab = Lab.settled()
    lab.listen(100_000)
    lab.ask([question(TYPE, 'PTR'), question(SUBTYPE, 'PTR'), question(INSTANCE, 'A')])
    const records = responsesOf(lab.listen(1_000)).flatMap((each) => recordsOf(each))
    expect(records.map(brief).sort()).toEqual(
      [
        `A! ${HOST} 120`,
        `NSEC! ${HOST} 120`,
        `NSEC! ${INSTANCE} 120`,
        `PTR ${TYPE} 4500`,
        `PTR ${SUBTYPE} 4500`,
        `SRV! ${INSTANCE} 120`,
        `TXT! ${INSTANCE} 4500`,
      ].sort(),
    )
  })

  test('R178 addfit: a hundred instances are all delivered, in datagrams that fit', () => {
    const publications = Array.from({ length: 100 }, (_, i) => service(`Svc ${i}`))
    const lab = Lab.settled({ publications })
    lab.ask(question(TYPE, 'PTR'))
    const replies = responsesOf(lab.listen(1_000))
    const targets = replies.flatMap((each) => recordsOf(each, 'answers')).map((rr) => 'target' in rr && rr.target)
    expect(new Set(targets).size).toBe(100)
    for (const { bytes } of replies) expect(bytes.length).toBeLessThanOrEqual(1_440)
  })
})

describe('negative answers', () => {
  test('R158 nsecmust, R160 nsecbits, R161 nsecowner, R168 nsecsect: for each name the types that it has', () => {
    expect(replyTo(question(HOST, 'AAAA')).answers).toEqual([nsec(HOST, ['A'])])
    expect(replyTo(question(HOST, 'TYPE13')).answers).toEqual([nsec(HOST, ['A'])])
    expect(replyTo(question(INSTANCE, 'A')).answers).toEqual([nsec(INSTANCE, ['TXT', 'SRV'])])
    expect(replyTo(question(INSTANCE, 'PTR')).answers).toEqual([nsec(INSTANCE, ['TXT', 'SRV'])])
  })

  test('R159 nsecform: one window 0, no zero bytes at its end', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'A'))
    const [reply] = responsesOf(lab.listen(100))
    // Window 0, five bytes, of which bit 16 is TXT and bit 33 is SRV; and nothing after it.
    expect(
      Buffer.from(reply?.bytes ?? [])
        .toString('hex')
        .endsWith('00050000800040'),
    ).toBe(true)
  })

  test('R162 nsec255: none where a type does not fit the restricted form', () => {
    const records = (): readonly Rr[] => [opaque(TARGET, 65_280), text(TARGET)]
    expect(replyTo(question(TARGET, 'TYPE13'), { publications: [{ id: 'odd', needsHost: false, records }] })).toEqual({
      answers: [],
      additionals: [],
    })
  })

  test('R165 nseconly: none for shared names', () => {
    for (const type of ['AAAA', 'SRV', 'TXT'] as const) expect(replyTo(question(TYPE, type)).answers).toEqual([])
  })

  test('R166 nsecadd, R167 nsecdual: denied is only the family that the host does not have', () => {
    expect(replyTo(question(INSTANCE, 'SRV')).additionals).toContainEqual(nsec(HOST, ['A']))
    const dual = replyTo(question(INSTANCE, 'SRV'), { families: [4, 6] }, 6).additionals
    expect(dual.map(({ type }) => type)).toEqual(['A', 'AAAA', 'AAAA'])
    expect(replyTo(question(HOST, 'A'), { families: [4, 6] }, 6).answers).toEqual([a(HOST, ADDRESS)])
  })
})

describe('header bits', () => {
  /** A question whose flags are set by hand. */
  function answersWithFlags(flags: number): number {
    const lab = Lab.settled()
    const bytes = encode({ id: 0xbeef, questions: [question(INSTANCE, 'SRV')] }).slice()
    bytes[2] = flags >> 8
    bytes[3] = flags & 0xff
    lab.peer.send(bytes)
    const heard = lab.listen(1_000)
    for (const each of heard) expect([...each.bytes.slice(0, 4)]).toEqual([0, 0, 0x84, 0])
    return heard.length
  }

  test('R19 idr, R21 qr, R23 aaq, R24 aar, R27 rd, R28 razadcd: bits that mean nothing do not matter', () => {
    for (const flags of [0, 0x0400, 0x0100, 0x0080, 0x0040, 0x0020, 0x0010]) expect(answersWithFlags(flags)).toBe(1)
  })

  test('R22 opcode, R29 rcode: other opcodes and response codes are not answered', () => {
    for (const opcode of [1, 2, 4, 5]) expect(answersWithFlags(opcode << 11)).toBe(0)
    for (const rcode of [1, 3, 15]) expect(answersWithFlags(rcode)).toBe(0)
  })

  test('R30 noqinr, R26 tcr: multicast and QU replies hold no question, and are never truncated', () => {
    const publications = Array.from({ length: 50 }, (_, i) => service(`Svc ${i}`))
    const lab = Lab.settled({ publications })
    lab.ask(question(TYPE, 'PTR'))
    lab.ask(question(SUBTYPE, 'PTR', true))
    const replies = responsesOf(lab.listen(1_000))
    expect(replies.length).toBeGreaterThan(2)
    for (const { message } of replies) {
      expect(message).toMatchObject({ id: 0, truncated: false, authoritative: true, questions: [], authorities: [] })
    }
  })

  test('R6 dstr, R1 grp4: a QM question from port 5353 gets a multicast answer and no other, on its own link', () => {
    const lab = Lab.settled({ families: [4, 6] })
    for (const family of [4, 6] as const) {
      lab.ask(question(INSTANCE, 'SRV'), {}, { family })
      const heard = lab.listen(1_000)
      expect(heard.map((each) => [each.family, each.viaGroup, each.port])).toEqual([[family, true, 5353]])
    }
  })
})
