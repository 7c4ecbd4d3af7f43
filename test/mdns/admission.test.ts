import { describe, expect, test } from 'vitest'
import { type AdmissionState, admit } from '../../src/mdns/admission.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { Subnets } from '../../src/mdns/subnets.ts'
import type { Received } from '../../src/mdns/types.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Message } from '../../src/wire/types.ts'
import { a, HOST, question, TYPE } from './records.ts'

const ON_LINK = { address: '198.18.0.9', port: 5353 }
const OFF_LINK = { address: '203.0.113.9', port: 5353 }
const QUERY: Partial<Message> = { questions: [question(TYPE, 'PTR')] }
const RESPONSE: Partial<Message> = { response: true, answers: [a('198.18.0.9')] }

const state: AdmissionState = {
  subnets: new Subnets([{ address: '198.18.0.1', family: 4, prefixLength: 16 }]),
  unicastAskedAt: 0,
  limits: LIMITS,
}

function verdict(message: Partial<Message> | Uint8Array, how: Partial<Received> = {}, now = 1000): string {
  const bytes = message instanceof Uint8Array ? message : encode(message)
  const admission = admit({ link: 'lan/4', from: ON_LINK, viaGroup: true, bytes, ...how }, state, now)
  return 'dropped' in admission ? admission.dropped : 'taken'
}

/** The message with other flags: the bits of the second and third byte of the header. */
function flagged(message: Partial<Message>, flags: number): Uint8Array {
  const bytes = encode(message)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint16(2, view.getUint16(2) ^ flags)
  return bytes
}

describe('admission', () => {
  test('goal 2: a datagram of more than 9,000 bytes is dropped before it is looked at', () => {
    expect(verdict(new Uint8Array(9001))).toBe('too-large')
    expect(verdict(new Uint8Array(9000))).toBe('taken')
    expect(verdict(new Uint8Array(11))).toBe('malformed')
    expect(verdict(new Uint8Array(0))).toBe('malformed')
  })

  test.each([1, 2, 4, 5, 15])('R22 opcode, goal 13: opcode %i is refused', (opcode) => {
    expect(verdict(flagged(QUERY, opcode << 11))).toBe('opcode')
    expect(verdict(flagged(RESPONSE, opcode << 11))).toBe('opcode')
  })

  test.each([1, 3, 15])('R29 rcode, goal 13: response code %i is refused', (rcode) => {
    expect(verdict(flagged(QUERY, rcode))).toBe('rcode')
    expect(verdict(flagged(RESPONSE, rcode))).toBe('rcode')
  })

  test('R23 aaq, R25 aarx, R26 tcr, R27 rd, R28 razadcd: no other bit of the header matters', () => {
    for (const bit of [0x0400, 0x0200, 0x0100, 0x0080, 0x0040, 0x0020, 0x0010]) {
      expect(verdict(flagged(QUERY, bit))).toBe('taken')
      expect(verdict(flagged(RESPONSE, bit))).toBe('taken')
    }
  })

  test('R9 rsp5353: a response comes from port 5353', () => {
    expect(verdict(RESPONSE, { from: { ...ON_LINK, port: 40_000 } })).toBe('port')
    expect(verdict(RESPONSE, { from: { ...ON_LINK, port: 40_000 }, viaGroup: false })).toBe('port')
    expect(verdict(RESPONSE)).toBe('taken')
  })

  test('R10 mconlink: whatever is sent to the group is on the link', () => {
    expect(verdict(RESPONSE, { from: OFF_LINK })).toBe('taken')
    expect(verdict(QUERY, { from: OFF_LINK })).toBe('taken')
  })

  test('R11 uconlink, R12 uc2s: a unicast response comes from the link, within two seconds of the question', () => {
    expect(verdict(RESPONSE, { viaGroup: false }, 2000)).toBe('taken')
    expect(verdict(RESPONSE, { viaGroup: false }, 2001)).toBe('unsolicited')
    expect(verdict(RESPONSE, { viaGroup: false, from: OFF_LINK }, 1)).toBe('off-link')
  })

  test('R13 duq, goal 12: what would be answered by unicast comes from the link', () => {
    expect(verdict(QUERY, { viaGroup: false })).toBe('taken')
    expect(verdict(QUERY, { viaGroup: false, from: OFF_LINK })).toBe('off-link')
    expect(verdict(QUERY, { from: { ...OFF_LINK, port: 40_000 } })).toBe('off-link')
    expect(verdict(QUERY, { from: { ...ON_LINK, port: 40_000 } })).toBe('taken')
  })

  test('goal 13: port 0 cannot be answered', () => {
    expect(verdict(QUERY, { from: { ...ON_LINK, port: 0 } })).toBe('port')
    expect(verdict(RESPONSE, { from: { ...ON_LINK, port: 0 } })).toBe('port')
  })

  test('R33 nsinr, R31 qinrrx: questions and authorities do not make a response invalid', () => {
    expect(verdict({ response: true, additionals: [a('198.18.0.9')] })).toBe('taken')
    expect(verdict({ ...RESPONSE, ...QUERY, authorities: [a('198.18.0.8', { name: HOST })] })).toBe('taken')
  })
})
