import { describe, expect, test } from 'vitest'
import type { Transmission } from '../../src/sim/network.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Message, type Rr } from '../../src/wire/types.ts'
import { otherCase } from './bct.ts'
import { violationsOf } from './invariants.ts'
import { ADDRESS, a, HOST, INSTANCE, ptr, question, srv, TYPE, text, unflushed } from './lab.ts'

const GROUP = { address: '224.0.0.251', port: 5353 }
const RESOLVER = { address: '198.18.0.2', port: 40_000 }
const DENIAL: Rr = { name: HOST, type: 'NSEC', class: CLASS_IN, flush: true, ttl: 120, next: HOST, types: ['A'] }
const ALL = [ptr(TYPE, INSTANCE), srv(INSTANCE), text(INSTANCE), a(HOST, ADDRESS), DENIAL]

function datagram(message: Partial<Message> | Uint8Array, changes: Partial<Transmission> = {}): Transmission {
  const bytes = message instanceof Uint8Array ? message : encode(message, { legacy: changes.to === RESOLVER })
  const from = { address: ADDRESS, port: 5353 }
  return { at: 0, network: 'lan', sender: 'device', family: 4, from, to: GROUP, viaGroup: true, bytes, ...changes }
}

const response = (answers: readonly Rr[], changes: Partial<Transmission> = {}): Transmission =>
  datagram({ response: true, answers }, changes)

/** The numbers of the rules that were broken. */
function broken(...transcript: readonly Transmission[]): readonly string[] {
  const rules = violationsOf(transcript, 'device').map((line) => /: (R\d+)/.exec(line)?.[1] ?? line)
  return [...new Set(rules)]
}

/** With one byte of it changed. */
function patched(sent: Transmission, offset: number, value: number): Transmission {
  const bytes = sent.bytes.slice()
  bytes[offset] = value
  return { ...sent, bytes }
}

describe('the invariants', () => {
  const probe = { questions: [question(HOST, 'ANY', true)], authorities: [unflushed(a(HOST, ADDRESS))] }
  const asked = { id: 7, questions: [question(otherCase(HOST), 'A')] }
  const reply = { ...asked, response: true, answers: [{ ...unflushed(a(HOST, ADDRESS)), ttl: 10 }] }
  const query = datagram(asked, { sender: 'resolver', from: RESOLVER })
  const plain: Partial<Transmission> = { to: RESOLVER, viaGroup: false }

  test('let pass what a good device says', () => {
    const replies = [datagram(probe), response(ALL, { at: 750 }), response(ALL, { at: 1_750 })]
    expect(broken(...replies, query, datagram(reply, { ...plain, at: 2_000 }))).toEqual([])
    expect(broken(response([{ ...srv(INSTANCE), ttl: 0 }]))).toEqual([])
  })

  test('judge one station alone', () => {
    expect(broken(response([unflushed(a(HOST, ADDRESS))], { sender: 'another' }))).toEqual([])
  })

  test.each([
    ['an ID', 'R18', [patched(response(ALL), 1, 7)]],
    ['a response without authority', 'R21', [patched(response(ALL), 2, 0x80)]],
    ['a truncated response', 'R21', [patched(response(ALL), 2, 0x86)]],
    ['a response code', 'R21', [patched(response(ALL), 3, 3)]],
    ['a question in a response', 'R30', [datagram({ response: true, questions: probe.questions, answers: ALL })]],
    ['an authority section in a response', 'R33', [datagram({ response: true, authorities: ALL })]],
    ['another class', 'R49', [response([{ ...text(INSTANCE), class: 3 }])]],
    ['a record twice', 'R126', [response([text(INSTANCE), text(INSTANCE, undefined, 4500)])]],
    ['a record twice in other case', 'R126', [response([ptr(TYPE, INSTANCE), ptr(TYPE, otherCase(INSTANCE))])]],
    ['no flush bit', 'R124', [response([unflushed(a(HOST, ADDRESS))])]],
    ['a flush bit on a shared record', 'R183', [response([{ ...ptr(TYPE, INSTANCE), flush: true }])]],
    ['a flush bit in a probe', 'R183', [datagram({ ...probe, authorities: [a(HOST, ADDRESS)] })]],
    ['a TTL', 'R263', [response([text(INSTANCE, 'a=1', 120)])]],
    ['a goodbye among the additionals', 'R241', [datagram({ response: true, additionals: [text(INSTANCE, 'a', 0)] })]],
    ['a host name with a blank', 'R276', [response([a(nameFromText('my host.local'), ADDRESS)])]],
    ['a target of two labels', 'R276', [response([srv(INSTANCE, { target: nameFromText('a.b.local') })])]],
    ['a denial of another name', 'R159', [response([{ ...DENIAL, next: TYPE } as Rr])]],
    ['another port', 'R5', [response(ALL, { from: RESOLVER })]],
    ['too large a datagram', 'R5', [response([{ ...text(INSTANCE), data: new Uint8Array(1_440) } as Rr])]],
    ['a query to one host', 'R1', [datagram(probe, { viaGroup: false })]],
    ['a question that is no probe', 'R196', [datagram({ questions: [question(HOST, 'A')] })]],
    ['a proposal without its question', 'R196', [datagram({ ...probe, questions: [] })]],
    ['a pointer alone', 'R175', [response(ALL), response([ptr(TYPE, INSTANCE)], { at: 2_000 })]],
    ['an SRV record alone', 'R176', [response(ALL), response([srv(INSTANCE)], { at: 2_000 })]],
    ['other spelling', 'R40', [response(ALL), response([a(otherCase(HOST), ADDRESS)], { at: 2_000 })]],
    ['hurry', 'R146', [response(ALL), response([a(HOST, ADDRESS)], { at: 249 })]],
  ] as const)('see %s', (_, rule, transcript) => {
    expect(broken(...transcript)).toEqual([rule])
  })

  test.each([
    ['another ID', 'R182', { ...reply, id: 8 }],
    ['other questions', 'R182', { ...reply, questions: [question(HOST, 'A')] }],
    ['a flush bit', 'R183', { ...reply, answers: [{ ...a(HOST, ADDRESS), ttl: 10 }] }],
    ['a long life', 'R263', { ...reply, answers: [unflushed(a(HOST, ADDRESS))] }],
  ] as const)('see %s in a reply to a plain resolver', (_, rule, message) => {
    expect(broken(query, datagram(message, plain))).toEqual([rule])
  })
})
