import { describe, expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import { nameFromLabels, nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Message, type Rr } from '../../src/wire/types.ts'
import { a, HOST, instance, nsec, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { Rig } from './rig.ts'

const SECOND = 1000
const WEB = instance('web')
const SERVICE = [ptr(WEB), srv(WEB), txt(WEB), a('198.18.0.9')]
const NEW = { response: true, answers: SERVICE }

function browsing(): Rig {
  const rig = new Rig()
  rig.ask(TYPE, 'PTR')
  rig.run(5 * SECOND)
  return rig
}

/** One whose question for unicast answers is so many milliseconds old. */
function askedUnicast(ago: number): Rig {
  const rig = new Rig()
  rig.world.transport(rig.host).disconnect(rig.world.lan)
  rig.ask(TYPE, 'PTR')
  rig.world.transport(rig.host).connect(rig.world.lan, { addresses: rig.world.lan.freshAddresses([4]) })
  rig.world.runUntil(() => rig.asked(TYPE, 'PTR').length > 0)
  expect(rig.asked(TYPE, 'PTR')[0]?.question.unicast).toBe(true)
  rig.run(ago)
  return rig
}

/** Whether the service in it is found. */
function finds(rig: Rig, message: Partial<Message> | Uint8Array, send?: Parameters<Rig['say']>[1]): boolean {
  if (message instanceof Uint8Array) rig.peer.send(message, send)
  else rig.say(message, send)
  rig.run(0)
  const found = rig.lookup(TYPE, 'PTR').length > 0
  expect(rig.news.map(({ what }) => what)).toEqual(found ? [`+ ${WEB}`] : [])
  return found
}

function flagged(message: Partial<Message>, flags: number, id = 0): Uint8Array {
  const bytes = encode(message)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint16(0, id)
  view.setUint16(2, view.getUint16(2) ^ flags)
  return bytes
}

describe('where it comes from', () => {
  test('R9 rsp5353: nothing is found in a response from another port', () => {
    const rig = browsing()
    expect(finds(rig, NEW, { from: { port: 40_000 } })).toBe(false)
    expect(rig.drops).toEqual(['port'])
    expect(finds(rig, NEW)).toBe(true)
  })

  test('R10 mconlink, R8 ttlrx: what comes through the group is found, whoever sends it', () => {
    expect(finds(browsing(), NEW, { from: { address: '203.0.113.9' } })).toBe(true)
  })

  test('R11 uconlink: a unicast answer from elsewhere is not', () => {
    const rig = askedUnicast(100)
    const to = rig.world.endpoint(rig.host)
    expect(finds(rig, NEW, { to, from: { address: '203.0.113.9' } })).toBe(false)
    expect(rig.drops).toEqual(['off-link'])
    expect(finds(rig, NEW, { to })).toBe(true)
  })

  test.each([
    [100, true],
    [2000, true],
    [2001, false],
    [3000, false],
  ])('R12 uc2s: a unicast answer %i ms after the question is found: %s', (ago, expected) => {
    const rig = askedUnicast(ago)
    expect(finds(rig, NEW, { to: rig.world.endpoint(rig.host) })).toBe(expected)
  })

  test('R12 uc2s: nor is one that nobody asked for, nor one after a question for multicast answers', () => {
    const idle = new Rig()
    idle.run(SECOND)
    idle.say(NEW, { to: idle.world.endpoint(idle.host) })
    expect(idle.drops).toEqual(['unsolicited'])
    const rig = browsing()
    rig.runTo((rig.askedAt(TYPE, 'PTR').at(-1) ?? 0) + 10)
    expect(finds(rig, NEW, { to: rig.world.endpoint(rig.host) })).toBe(false)
  })

  test('goal 12, R13 duq: ten thousand queries from elsewhere draw nothing', () => {
    const rig = new Rig()
    rig.host.publish({ id: 'x', needsHost: true, records: ({ host }) => [srv(WEB, { target: host })] })
    rig.run(10 * SECOND)
    const before = rig.sent.length
    const to = rig.world.endpoint(rig.host)
    const bytes = encode({ questions: [question(WEB, 'SRV', true)] })
    for (let n = 0; n < 10_000; n++) {
      rig.peer.send(bytes, { to, from: { address: `203.0.113.${n % 256}`, port: n % 2 === 0 ? 5353 : 1 + n } })
    }
    rig.run(10 * SECOND)
    expect(rig.sent.length).toBe(before)
    expect(rig.drops).toHaveLength(10_000)
  })
})

describe('the header', () => {
  test('R20 idrx, R23 aaq, R25 aarx, R26 tcr, R27 rd, R28 razadcd: neither the id nor any other bit matters', () => {
    expect(finds(browsing(), flagged(NEW, 0, 0x1234))).toBe(true)
    for (const bit of [0x0400, 0x0200, 0x0100, 0x0080, 0x0040, 0x0020, 0x0010]) {
      expect(finds(browsing(), flagged(NEW, bit))).toBe(true)
    }
  })

  test('R22 opcode, R29 rcode: but these two do', () => {
    for (const flags of [0x0800, 0x2000, 0x7800, 0x0001, 0x0003, 0x000f]) {
      expect(finds(browsing(), flagged(NEW, flags))).toBe(false)
    }
  })

  test('R31 qinrrx: a question in a response is not answered', () => {
    const rig = browsing()
    rig.host.publish({ id: 'x', needsHost: true, records: ({ host }) => [srv(instance('own'), { target: host })] })
    rig.run(10 * SECOND)
    const before = rig.sent.filter(({ message }) => message.response).length
    expect(finds(rig, { ...NEW, questions: [question(instance('own'), 'SRV')] })).toBe(true)
    rig.run(SECOND)
    expect(rig.sent.filter(({ message }) => message.response)).toHaveLength(before)
  })

  test('R32 uncorr: what nobody asked about just now is found at once, without another question', () => {
    const rig = browsing()
    const before = rig.sent.length
    expect(finds(rig, NEW)).toBe(true)
    rig.run(100)
    expect(rig.sent).toHaveLength(before)
  })

  test('R33 nsinr: a response may have additionals alone, and authorities besides', () => {
    expect(finds(browsing(), { response: true, additionals: SERVICE })).toBe(true)
    expect(finds(browsing(), { ...NEW, authorities: [nsec(WEB, ['SRV'])] })).toBe(true)
  })

  test('goal 13: two hosts that hear each other and a storm of responses stay silent', () => {
    const rig = new Rig()
    rig.world.host()
    rig.run(SECOND)
    for (let n = 0; n < 200; n++) rig.say(NEW)
    for (let n = 0; n < 200; n++) rig.say(NEW, { from: { port: 0 } })
    rig.run(10 * SECOND)
    expect(rig.world.transcript.filter(({ sender }) => sender !== 'peer-1')).toEqual([])
  })
})

describe('names and records', () => {
  /** Whether a record is found under another spelling of its name. */
  function same(name: string, other: string): boolean {
    const rig = new Rig()
    rig.ask(nameFromLabels([name, 'local']), 'A')
    rig.respond(a('198.18.0.9', { name: nameFromLabels([other, 'local']) }))
    return rig.known(nameFromLabels([name, 'local']), 'A').length === 1 && rig.news.length === 1
  }

  test('R39 case, R41 nofold, goal 20: only A to Z and a to z are the same', () => {
    expect(same('Printer', 'pRINTER')).toBe(true)
    expect(same('Büro', 'bÜRO')).toBe(false)
    expect(same('É', 'é')).toBe(false)
    expect(same('K', '\u212a')).toBe(false)
    expect(same('Ａ', 'ａ')).toBe(false)
    expect(same('[', '{')).toBe(false)
    expect(same('\ufeffa', 'a')).toBe(false)
    expect(same('a\0', 'a')).toBe(false)
  })

  test('R40 casepres, R42 dots, R37 bom: a name is told as it came, a dot in a label is no border', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    const labels = ['A.B v1.0\\x', 'MiXeD', '\ufeffmark', 'Büro 日本']
    for (const label of labels) rig.respond(ptr(instance(label), 4500, nameFromText('_HTTP._tcp.LOCAL')))
    expect(rig.known(TYPE, 'PTR')).toEqual(labels.map(instance).sort())
    rig.ask(instance('A.B v1.0\\x'), 'SRV')
    rig.run(500)
    expect(rig.asked(instance('A.B v1.0\\x'), 'SRV')).toHaveLength(1)
    rig.respond(ptr(instance('A.B v1.0\\x'), 0))
    rig.run(SECOND)
    expect(rig.known(TYPE, 'PTR')).toHaveLength(3)
  })

  test('R38 bin8, R43 ctrl: labels of any bytes are kept apart and harm nothing', () => {
    const rig = browsing()
    const odd = nameFromLabels([new Uint8Array([0xff, 0xfe, 0x00]), '_http', '_tcp', 'local'])
    rig.respond(ptr(odd), ptr(WEB), srv(odd))
    expect(rig.known(TYPE, 'PTR')).toEqual([odd, WEB].sort())
    expect(rig.known(odd, 'SRV')).toEqual([8080])
  })

  test('R35 name255: a name of 256 bytes is found and asked for', () => {
    const rig = new Rig()
    const name = nameFromLabels([...['a', 'b', 'c'].map((each) => each.repeat(63)), 'd'.repeat(56), 'local'])
    rig.ask(name, 'A')
    rig.respond(a('198.18.0.9', { name }))
    expect(rig.known(name, 'A')).toEqual(['198.18.0.9'])
  })

  test('R48 cmpdec, R49 mask: the flush bit is no part of what a record is', () => {
    const rig = new Rig()
    rig.ask(WEB, 'SRV')
    rig.respond(srv(WEB))
    rig.respond(srv(WEB, { flush: false, ttl: 100 }))
    rig.respond(srv(WEB, { target: nameFromText('PRINTER.Local') }))
    expect(rig.news).toHaveLength(1)
  })

  test('R52 unktype, R54 rdmis: records of unknown types are passed over, and may be asked for', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    rig.ask(WEB, 'SRV')
    rig.ask(WEB, 'TYPE65280')
    const unknown: Rr = { name: WEB, type: 'TYPE65280', class: CLASS_IN, flush: true, ttl: 9, data: new Uint8Array(3) }
    const bad = { ...unknown, type: 'TYPE1' as const }
    rig.respond(ptr(WEB), unknown, bad, srv(WEB))
    expect([rig.known(TYPE, 'PTR'), rig.known(WEB, 'SRV'), rig.known(WEB, 'TYPE65280')]).toEqual([
      [WEB],
      [8080],
      ['TYPE65280'],
    ])
  })

  test('R57 max9000: a response of nearly 9,000 bytes is read whole', () => {
    const rig = new Rig()
    const names = Array.from({ length: 34 }, (_, n) => instance(`${n}`))
    rig.respond(...names.map((name) => txt(name, { data: new Uint8Array(240) })))
    expect(rig.world.transcript.at(-1)?.bytes.length).toBeGreaterThan(8_500)
    for (const name of names) expect(rig.lookup(name, 'TXT')).toHaveLength(1)
  })

  test('goal 70: a denial of what is there changes nothing', () => {
    const rig = new Rig()
    rig.ask(HOST, 'A')
    rig.respond(a('198.18.0.9'), nsec(HOST, []))
    rig.run(60 * SECOND)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
    expect(rig.news.filter(({ what }) => what.startsWith('-'))).toEqual([])
  })
})
