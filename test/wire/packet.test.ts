import dnsPacket from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { type Name, nameFromLabels, nameFromText } from '../../src/wire/name.ts'
import { bytesOf, bytesReceived, isFaithful, type Packet, packetOf, sizeOf, wireOf } from '../../src/wire/packet.ts'
import type { Message, Question, Rr } from '../../src/wire/types.ts'
import { loadPackets } from '../packets.ts'
import { plainMessage } from './arbitrary-message.ts'

const EMPTY = { ...decode(new Uint8Array(12)), response: true, authoritative: true }
const HOST = nameFromText('printer.local')
const SERVICE = nameFromLabels(['Map v1.2', '_http', '_tcp', 'local'])
const head = { class: 1, flush: true, ttl: 120 }

function asks(question: Partial<Question>): Message {
  return { ...EMPTY, questions: [{ name: HOST, type: 'A', class: 1, unicast: false, ...question }] }
}

function says(...answers: Rr[]): Message {
  return { ...EMPTY, answers }
}

function address(name: Name): Rr {
  return { ...head, name, type: 'A', address: '198.18.0.1' }
}

describe('what leaves through dns-packet', () => {
  test('says the same, for all that it can express: dots in every name, and any rdata', () => {
    fc.assert(
      fc.property(plainMessage, (message) => {
        expect(encode(decode(wireOf(packetOf(message))))).toEqual(encode(message))
        expect(isFaithful(message)).toBe(true)
        expect(sizeOf(packetOf(message))).toBe(wireOf(packetOf(message)).length)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['bytes that are not UTF-8 in the name of a record', says(address(nameFromLabels([Uint8Array.of(0xff)])))],
    ['bytes that are not UTF-8 in a question', asks({ name: nameFromLabels([Uint8Array.of(0xff)]) })],
    ['a unicast response being wanted', asks({ unicast: true })],
    ['a class of its own', says({ ...address(HOST), class: 5 })],
    [
      'the sizes in OPT',
      says({ ...head, name: nameFromText('.'), type: 'TYPE41', class: 1440, data: Uint8Array.of() }),
    ],
  ])('%s cannot be expressed, and that is known before it leaves', (_what, message) => {
    expect(isFaithful(message)).toBe(false)
    expect(isFaithful(says(address(HOST)))).toBe(true)
  })

  test('rdata may have names of any bytes', () => {
    const target = nameFromLabels([Uint8Array.of(0xff, 0x2e), 'local'])
    expect(isFaithful(says({ ...head, name: HOST, type: 'PTR', target }))).toBe(true)
  })
})

describe('what comes in through dns-packet', () => {
  test('is the same again where names look like DNS-SD, so that an echo is known by its bytes', () => {
    const message = says(
      { ...head, name: nameFromText('_http._tcp.local'), type: 'PTR', target: SERVICE, flush: false },
      { ...head, name: SERVICE, type: 'SRV', priority: 1, weight: 2, port: 3, target: HOST },
      { ...head, name: SERVICE, type: 'TXT', data: Uint8Array.of(3, 0xff, 0x3d, 0, 0) },
      { ...head, name: SERVICE, type: 'NSEC', next: SERVICE, types: ['TXT', 'TYPE29', 'SRV', 'TYPE65280'] },
      { ...head, name: HOST, type: 'AAAA', address: '2001:db8::1:0:0:1' },
      { ...head, name: HOST, type: 'TYPE13', data: Uint8Array.of(1, 0x61, 1, 0x62) },
      { ...head, name: HOST, type: 'TYPE65280', data: Uint8Array.of(1, 2) },
    )
    expect(bytesReceived(wireOf(packetOf(message)))).toEqual(encode(message))
  })

  test('keeps each flag, and the wish for a unicast response', () => {
    const bytes = encode(asks({ unicast: true, type: 'ANY', class: 255 }))
    bytes.set([0x12, 0x34, 0xfb, 0xf5])
    expect(bytesReceived(bytes)).toEqual(bytes)
    expect(decode(bytes)).toMatchObject({ opcode: 15, rcode: 5, id: 0x1234, questions: [{ unicast: true }] })
  })

  test('is the same for real packets, but for what dns-packet itself loses', () => {
    for (const { bytes } of loadPackets('real')) {
      const received = bytesReceived(bytes)
      if (received) expect(decode(received).answers.length).toBe(decode(bytes).answers.length)
    }
  })
})

describe('objects that are no packets', () => {
  const good = { name: 'printer.local', type: 'A', class: 'IN', ttl: 120, flush: true, data: '198.18.0.1' }

  test.each<[string, object]>([
    ['an empty label', { name: 'a..local' }],
    ['a label that is too long', { name: `${'x'.repeat(64)}.local` }],
    ['no name', { name: undefined }],
    ['no data', { data: undefined }],
    ['an address that is none', { data: '198.18.0' }],
    ['a type that nobody knows', { type: 'NONSENSE' }],
    ['SRV without a target', { type: 'SRV', data: { port: 1 } }],
    [
      'NSEC with more types than any name has',
      { type: 'NSEC', data: { nextDomain: '.', rrtypes: Array(65).fill('A') } },
    ],
  ])('%s: the record is left out, and the others are kept', (_what, wrong) => {
    const packet = { type: 'response', flags: 0x400, answers: [{ ...good, ...wrong }, good] } as Packet
    expect(decode(bytesOf(packet)).answers).toEqual([address(HOST)])
  })

  test('random ones are read or refused, and nothing else', () => {
    const value = fc.anything()
    const item = fc.record({
      name: value,
      type: fc.oneof(value, fc.constantFrom('A', 'SRV', 'OPT', 'CAA')),
      data: value,
    })
    fc.assert(
      fc.property(fc.record({ questions: fc.array(item), answers: fc.array(item) }), (packet) => {
        expect(decode(bytesOf(packet as Packet)).response).toBe(false)
      }),
    )
  })

  test('those that are too large for a message are refused', () => {
    const data = [Buffer.alloc(255), Buffer.alloc(255)]
    const packet = { type: 'response', answers: Array(20).fill({ ...good, type: 'TXT', data }) }
    expect(() => bytesOf(packet)).toThrow('9000')
    expect(dnsPacket.encode(packet as dnsPacket.Packet).length).toBeGreaterThan(9000)
  })
})
