// Owns messages as dns-packet, and with it a multicast-dns instance, has them: to them, from them, and how they travel.
// Does not own their names (joined-name.ts).
import dnsPacket from 'dns-packet'
import { addressBytes, addressText } from './address.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { WireError } from './errors.ts'
import { joinedName, splitName } from './joined-name.ts'
import { MAX_NSEC_TYPES } from './limits.ts'
import { ROOT } from './name.ts'
import { rdataBytes } from './rdata.ts'
import { typeCode } from './type-code.ts'
import type { Message, Question, QuestionType, Rr, RrHead, RrType } from './types.ts'

export interface PacketQuestion {
  readonly name: string
  readonly type: string
  readonly class?: string
}

export interface PacketRecord {
  readonly name: string
  readonly type: string
  readonly class?: string
  readonly ttl?: number
  readonly flush?: boolean
  readonly data?: unknown
}

export interface Packet {
  readonly id?: number
  readonly type?: string
  /** The header's flags without QR. */
  readonly flags?: number
  readonly questions?: readonly PacketQuestion[]
  readonly answers?: readonly PacketRecord[]
  readonly authorities?: readonly PacketRecord[]
  readonly additionals?: readonly PacketRecord[]
}

const AUTHORITATIVE = 0x0400
const TRUNCATED = 0x0200
const TOP_BIT = 0x8000
const RESPONSE = 0x80

const CLASSES: ReadonlyMap<string, number> = new Map([
  ['IN', 1],
  ['CS', 2],
  ['CH', 3],
  ['HS', 4],
  ['ANY', 255],
])
const CLASS_NAMES: ReadonlyMap<number, string> = new Map([...CLASSES].map(([name, code]) => [code, name]))
/** The types that are called the same here and there. */
const NAMED: ReadonlySet<string> = new Set('A AAAA PTR CNAME NS DNAME SRV TXT NSEC ANY'.split(' '))

/**
 * The packet to send for a message. Rdata goes as bytes, whatever its type, so that no name in it is cut. That a
 * unicast response is wanted cannot be said; whether all else can, `isFaithful` tells.
 */
export function packetOf(message: Message): Packet {
  return {
    id: message.id,
    type: message.response ? 'response' : 'query',
    flags: (message.authoritative ? AUTHORITATIVE : 0) | (message.truncated ? TRUNCATED : 0),
    questions: message.questions.map((question) => ({
      name: joinedName(question.name),
      type: numbered(question.type),
      class: className(question.class),
    })),
    answers: message.answers.map(recordOf),
    authorities: message.authorities.map(recordOf),
    additionals: message.additionals.map(recordOf),
  }
}

function recordOf(rr: Rr): PacketRecord {
  return {
    name: joinedName(rr.name),
    type: numbered(rr.type),
    class: className(rr.class),
    flush: rr.flush,
    ttl: rr.ttl,
    data: Buffer.from(rdataBytes(rr)),
  }
}

/** The bytes in which an instance sends a packet. Throws whatever dns-packet does. */
export function wireOf(packet: Packet): Uint8Array {
  return dnsPacket.encode(packet as dnsPacket.Packet)
}

/** How many bytes that are. */
export function sizeOf(packet: Packet): number {
  return dnsPacket.encodingLength(packet as dnsPacket.Packet)
}

/** Whether the message that an instance sends for this one is the same. */
export function isFaithful(message: Message): boolean {
  try {
    return Buffer.compare(encode(decode(wireOf(packetOf(message)))), encode(message)) === 0
  } catch {
    return false
  }
}

/** What `bytesOf` gives for the packet that an instance receives in these bytes; undefined if it finds none. */
export function bytesReceived(wire: Uint8Array): Uint8Array | undefined {
  try {
    return bytesOf(dnsPacket.decode(Buffer.from(wire)) as Packet)
  } catch {
    return undefined
  }
}

/**
 * The bytes of a received packet, as this layer would have written them. Items that cannot be understood are left out.
 * @throws WireError if what is left does not fit into a message.
 */
export function bytesOf(packet: Packet): Uint8Array {
  const bytes = encode({
    id: packet.id ?? 0,
    response: packet.type === 'response',
    questions: understood(packet.questions, questionOf),
    answers: understood(packet.answers, rrOf),
    authorities: understood(packet.authorities, rrOf),
    additionals: understood(packet.additionals, rrOf),
  })
  const flags = packet.flags ?? 0
  bytes[2] = ((flags >> 8) & 0x7f) | (packet.type === 'response' ? RESPONSE : 0)
  bytes[3] = flags & 0xff
  return bytes
}

/** The objects are somebody else's, and may be anything. */
function understood<T, U>(items: readonly T[] | undefined, understand: (item: T) => U | undefined): readonly U[] {
  return (items ?? []).flatMap((item) => {
    try {
      return understand(item) ?? []
    } catch {
      return []
    }
  })
}

function questionOf(question: PacketQuestion): Question | undefined {
  const type = typeOf(question.type)
  const topAndClass = classCode(question.class)
  const unicast = (topAndClass & TOP_BIT) !== 0
  return type && { name: splitName(question.name), type, class: topAndClass & ~TOP_BIT, unicast }
}

function rrOf(record: PacketRecord): Rr | undefined {
  const { type } = record
  const { ttl = 0, flush = false } = record
  const head: RrHead = { name: splitName(record.name), class: classCode(record.class), flush, ttl }
  switch (type) {
    case 'A':
      return { ...head, type, address: addressText(addressBytes(record.data as string, 4), 0, 4) }
    case 'AAAA':
      return { ...head, type, address: addressText(addressBytes(record.data as string, 6), 0, 16) }
    case 'PTR':
    case 'CNAME':
    case 'NS':
    case 'DNAME':
      return { ...head, type, target: splitName(record.data as string) }
    case 'SRV': {
      const { priority, weight, port, target } = record.data as dnsPacket.SrvData
      return { ...head, type, priority: priority ?? 0, weight: weight ?? 0, port, target: splitName(target) }
    }
    case 'NSEC': {
      const { nextDomain, rrtypes } = record.data as dnsPacket.NsecData
      return { ...head, type, next: splitName(nextDomain), types: bitmapOf(rrtypes) }
    }
    default:
      return otherRr(record, head)
  }
}

/** Any other record, of which dns-packet itself makes bytes again. The sizes in OPT stand where class and TTL do. */
function otherRr(record: PacketRecord, { name, class: code, flush }: RrHead): Rr | undefined {
  const [rr] = decode(wireOf({ type: 'response', answers: [{ ...record, name: ROOT }] })).answers
  if (rr?.type === 'TYPE41') return rr
  return rr && rr.type !== 'TYPE0' ? { ...rr, name, class: code, flush } : undefined
}

function bitmapOf(types: readonly string[]): readonly RrType[] {
  if (types.length > MAX_NSEC_TYPES) throw new WireError('type', `${types.length} types are too many`)
  return types.flatMap((each) => {
    const type = typeOf(each)
    return type === 'ANY' ? 'TYPE255' : (type ?? [])
  })
}

/** The type that dns-packet calls so. */
function typeOf(name: string): QuestionType | undefined {
  if (NAMED.has(name)) return name as QuestionType
  const [question] = decode(wireOf({ questions: [{ name: ROOT, type: name }] })).questions
  return question?.type === 'TYPE0' ? undefined : question?.type
}

/** By its number, which dns-packet takes for any type, and leaves its rdata alone. */
function numbered(type: QuestionType): string {
  return `UNKNOWN_${typeCode(type)}`
}

function className(code: number): string {
  return CLASS_NAMES.get(code) ?? `UNKNOWN_${code}`
}

function classCode(name = 'IN'): number {
  return CLASSES.get(name) ?? Number(/^UNKNOWN_(\d+)$/.exec(name)?.[1] ?? 0)
}
