import { describe, expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import type { Message } from '../../src/wire/types.ts'
import { instance, nsec, srv } from '../mdns/records.ts'
import { browsing, finds, NEW, SERVICE, WEB } from './finding.ts'
import { INSTANCE, Lab, question, responsesOf, SUBTYPE, service, TYPE } from './lab.ts'
import { Rig } from './rig.ts'

const SECOND = 1000

function flagged(message: Partial<Message>, flags: number, id = 0): Uint8Array {
  const bytes = encode(message)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint16(0, id)
  view.setUint16(2, view.getUint16(2) ^ flags)
  return bytes
}

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

describe('the header of what it sends', () => {
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
