// Owns the text of messages and records for people to read: logs, transcripts, the command line.
// Does not own what may be printed where; the text is one line for each record and safe on a terminal.
import dnsPacket from 'dns-packet'
import { encode } from './encode.ts'
import { escapeBytes } from './label.ts'
import type { Message, OpaqueRr, Question, Rr, TxtRr } from './types.ts'
import { CLASS_ANY, CLASS_IN } from './types.ts'

/** Controls, and characters that reorder or hide text, in what another host sent. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** The types without names that dns-packet reads: HINFO, OPT, DS, SSHFP, DNSKEY, TLSA, CAA. */
const READABLE: ReadonlySet<string> = new Set(['TYPE13', 'TYPE41', 'TYPE43', 'TYPE44', 'TYPE48', 'TYPE52', 'TYPE257'])

/** A message as dig would show it: a header line, then one line for each question and record under its section. */
export function printMessage(message: Message): string {
  const kind = message.response ? 'response' : 'query'
  const flags = `${message.authoritative ? ' aa' : ''}${message.truncated ? ' tc' : ''}`
  const lines = [`;; ${kind} id ${message.id} opcode ${message.opcode} rcode ${message.rcode}${flags}`]
  const section = (title: string, items: readonly string[]) => {
    if (items.length > 0) lines.push(`;; ${title}`, ...items)
  }
  section('question', message.questions.map(printQuestion))
  section('answer', message.answers.map(printRr))
  section('authority', message.authorities.map(printRr))
  section('additional', message.additionals.map(printRr))
  section('skipped', message.skipped.map(safe))
  return lines.join('\n')
}

/** `_http._tcp.local IN PTR`; `IN+unicast` where a unicast response is wanted. */
export function printQuestion(question: Question): string {
  return safe(`${question.name} ${className(question.class)}${question.unicast ? '+unicast' : ''} ${question.type}`)
}

/** `host.local 120 IN+flush A 198.18.0.1`; without `+flush` where the record is shared. */
export function printRr(rr: Rr): string {
  const frame = `${rr.name} ${rr.ttl} ${className(rr.class)}${rr.flush ? '+flush' : ''}`
  return safe(`${frame} ${rdataText(rr)}`)
}

function rdataText(rr: Rr): string {
  switch (rr.type) {
    case 'A':
    case 'AAAA':
      return `${rr.type} ${rr.address}`
    case 'PTR':
    case 'CNAME':
    case 'NS':
    case 'DNAME':
      return `${rr.type} ${rr.target}`
    case 'SRV':
      return `SRV ${rr.priority} ${rr.weight} ${rr.port} ${rr.target}`
    case 'TXT':
      return ['TXT', ...strings(rr)].join(' ')
    case 'NSEC':
      return ['NSEC', rr.next, ...rr.types].join(' ')
    default:
      return (READABLE.has(rr.type) ? readable(rr) : undefined) ?? generic(rr)
  }
}

/** Each string between quotes, RFC 1035 §5.1. */
function strings(rr: TxtRr): readonly string[] {
  const texts: string[] = []
  for (let at = 0; at < rr.data.length; ) {
    const end = Math.min(at + 1 + (rr.data[at] ?? 0), rr.data.length)
    texts.push(`"${escapeBytes(rr.data, at + 1, end, '"')}"`)
    at = end
  }
  return texts
}

/** The fields that dns-packet finds, or undefined if it finds the rdata wrong. */
function readable(rr: OpaqueRr): string | undefined {
  try {
    const [answer] = dnsPacket.decode(Buffer.from(encode({ answers: [rr] }))).answers ?? []
    if (answer === undefined) return undefined
    const fields = answer.type === 'OPT' ? answer.options : 'data' in answer ? answer.data : undefined
    return `${answer.type} ${JSON.stringify(fields, hexadecimal)}`
  } catch {
    return undefined
  }
}

/** A buffer as JSON has it becomes its digits. */
function hexadecimal(_key: string, value: unknown): unknown {
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : undefined
  return Array.isArray(data) ? Buffer.from(data).toString('hex') : value
}

/** The form for rdata that nobody can read, RFC 3597 §5. */
function generic(rr: OpaqueRr): string {
  const digits = Array.from(rr.data, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [rr.type, '\\#', rr.data.length, digits].join(' ').trimEnd()
}

function className(code: number): string {
  if (code === CLASS_IN) return 'IN'
  return code === CLASS_ANY ? 'ANY' : `CLASS${code}`
}

function safe(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
