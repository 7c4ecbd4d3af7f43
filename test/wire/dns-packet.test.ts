import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBytes, addressText } from '../../src/wire/address.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { WireError } from '../../src/wire/errors.ts'
import { labelsOf, type Name } from '../../src/wire/name.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import { loadPackets } from '../packets.ts'
import { rr } from './arbitrary-message.ts'
import { hexOf } from './hex.ts'

/** As dns-packet has it: labels joined with dots, whatever is in them. */
function joined(name: Name): string {
  const labels = labelsOf(name).map((label) => Buffer.from(label).toString())
  return labels.length === 0 ? '.' : labels.join('.')
}

const OPAQUE: Readonly<Record<string, string>> = { TYPE13: 'HINFO', TYPE41: 'OPT' }

/** What both libraries can say about a record; the rdata of types that ours keeps as bytes is left to its own tests. */
function ours(rr: Rr): unknown {
  const name = joined(rr.name)
  const type = OPAQUE[rr.type] ?? rr.type.replace('TYPE', 'UNKNOWN_')
  if (rr.type === 'TYPE41') return { name, type, size: rr.class }
  const frame = { name, type, flush: rr.flush, ttl: rr.ttl }
  switch (rr.type) {
    case 'A':
    case 'AAAA':
      return { ...frame, data: rr.address }
    case 'PTR':
    case 'CNAME':
    case 'NS':
    case 'DNAME':
      return { ...frame, data: joined(rr.target) }
    case 'SRV':
      return { ...frame, data: [rr.priority, rr.weight, rr.port, joined(rr.target)] }
    case 'NSEC':
      return { ...frame, data: [joined(rr.next), rr.types.map((each) => OPAQUE[each] ?? each)] }
    case 'TXT':
      return { ...frame, data: hexOf(rr.data) }
    default:
      return frame
  }
}

function theirs(answer: Answer): unknown {
  const { name, type } = answer
  if (answer.type === 'OPT') return { name, type, size: answer.udpPayloadSize }
  const frame = { name, type, flush: answer.flush, ttl: answer.ttl }
  switch (answer.type) {
    case 'A':
    case 'PTR':
    case 'CNAME':
    case 'NS':
    case 'DNAME':
      return { ...frame, data: answer.data }
    case 'AAAA':
      // It shortens the first run of zeros, and RFC 5952 wants the longest.
      return { ...frame, data: addressText(addressBytes(answer.data, 6), 0, 16) }
    case 'SRV':
      return { ...frame, data: [answer.data.priority, answer.data.weight, answer.data.port, answer.data.target] }
    case 'NSEC':
      return { ...frame, data: [answer.data.nextDomain, answer.data.rrtypes] }
    case 'TXT': {
      const strings = [answer.data].flat() as Buffer[]
      return { ...frame, data: strings.map((each) => hexOf(Buffer.of(each.length)) + hexOf(each)).join('') }
    }
    default:
      return frame
  }
}

function compare(message: Message, packet: DecodedPacket): void {
  expect(message.response).toBe(packet.type === 'response')
  expect(message.id).toBe(packet.id)
  expect(message.questions.map((each) => [joined(each.name), each.type.replace('TYPE', 'UNKNOWN_')])).toEqual(
    packet.questions?.map((each) => [each.name, each.type]),
  )
  for (const section of ['answers', 'authorities', 'additionals'] as const) {
    expect(message[section].map(ours)).toEqual(packet[section]?.map(theirs))
  }
}

/** Recorded on port 5353, but not DNS at all: random bytes, which both refuse. */
const NO_DNS = ['57cced451e73dc25.bin', '7c05d51143e1664f.bin', '87f7ff10972b8e17.bin']

test('dns-packet reads the same records from real packets, and refuses the same ones', () => {
  for (const { file, bytes } of loadPackets('real')) {
    if (NO_DNS.includes(file)) {
      expect(() => decode(bytes)).toThrow(WireError)
      expect(() => dnsPacket.decode(Buffer.from(bytes))).toThrow()
    } else {
      const message = decode(bytes)
      expect(message.skipped).toEqual([])
      compare(message, dnsPacket.decode(Buffer.from(bytes)))
    }
  }
})

/** It has other names for some types, and takes no name of more than 254 bytes. */
function both(each: Rr): boolean {
  const names = 'target' in each ? [each.name, each.target] : [each.name]
  const short = names.every((name) => labelsOf(name).reduce((length, label) => length + 1 + label.length, 1) < 255)
  return short && ['A', 'AAAA', 'PTR', 'CNAME', 'DNAME', 'SRV', 'TXT', 'TYPE65280'].includes(each.type)
}

test('dns-packet reads what we write', () => {
  fc.assert(
    fc.property(fc.array(rr.filter(both), { maxLength: 8 }), (answers) => {
      const bytes = encode({ response: true, answers })
      compare(decode(bytes), dnsPacket.decode(Buffer.from(bytes)))
    }),
    { numRuns: 300 },
  )
})
