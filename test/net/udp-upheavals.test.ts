// What the transport does when the machine slept, when the system drops it from the group, and when nobody is heard.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UdpTransport } from '../../src/net/udp.ts'
import { FakeDgram, listed, ManualClock } from './fake-dgram.ts'
import { Recorder } from './recorder.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const IDS = ['lan0/4', 'lan0/6', 'lan1/4']

let dgram: FakeDgram
let clock: ManualClock
let recorder: Recorder
let transport: UdpTransport
/** What the wall clock is ahead of the monotonic one. */
let ahead: number
let joined: ReadonlySet<string> | undefined

beforeEach(async () => {
  dgram = new FakeDgram()
  clock = new ManualClock()
  recorder = new Recorder()
  ahead = 0
  joined = new Set(IDS)
  const machine = { lan0: [listed('198.18.0.1/24'), listed('fe80::1/64')], lan1: [listed('198.18.1.1/24')] }
  transport = new UdpTransport({
    clock,
    wallClock: () => clock.now() + ahead,
    networkInterfaces: () => machine,
    memberships: () => joined,
    createSocket: dgram.createSocket,
  })
  await transport.open(recorder)
  await clock.pass(10 * SECOND)
})

afterEach(async () => {
  const closing = transport.close()
  await clock.pass(SECOND)
  await closing
})

/** The links whose group was left and joined again, in order, since there were `before` calls. */
function rejoinsSince(before: number): readonly string[] {
  const calls = dgram.calls.slice(before).filter((call) => /(add|drop)Membership/.test(call))
  const links = { '198.18.0.1': 'lan0/4', '::%lan0': 'lan0/6', '198.18.1.1': 'lan1/4' }
  const told = calls.map((call) => {
    const [, verb = '', , on = ''] = call.split(' ')
    return `${verb.replace('Membership', '')} ${links[on as keyof typeof links]}`
  })
  return told
}

function hear(address: string, on = '224.0.0.251'): void {
  const socket = dgram.open.find((each) => each.address === on)
  socket?.emit('message', Buffer.from('x'), { address, port: 5353 })
}

test('goal 47: a wall clock that gains hours on the monotonic one means sleep: all is joined again', async () => {
  const before = dgram.calls.length
  ahead = 8 * 60 * MINUTE
  await clock.pass(SECOND)
  expect(rejoinsSince(before)).toEqual(IDS.flatMap((id) => [`drop ${id}`, `add ${id}`]))
  expect(recorder.upheavals).toEqual(['woken'])
  await clock.pass(10 * MINUTE)
  expect(recorder.upheavals).toEqual(['woken'])
})

test.each([4 * SECOND, -365 * 24 * 60 * MINUTE])('a wall clock that is set by %d ms means nothing', async (by) => {
  ahead = by
  await clock.pass(MINUTE)
  expect(recorder.upheavals).toEqual([])
})

test('a monotonic clock that goes on in sleep tells by the gap between two looks', async () => {
  const passed = clock.now() + 60 * MINUTE
  clock.jump(passed)
  await clock.pass(SECOND)
  expect(recorder.upheavals).toEqual(['woken'])
})

test('five seconds in which the process was busy are no sleep', async () => {
  clock.jump(clock.now() + 5 * SECOND)
  await clock.pass(SECOND)
  expect(recorder.upheavals).toEqual([])
})

test('goal 50: a link that the system no longer has in the group is joined again within a minute', async () => {
  const before = dgram.calls.length
  joined = new Set(['lan0/4', 'lan0/6'])
  await clock.pass(MINUTE)
  expect(rejoinsSince(before)).toEqual(['drop lan1/4', 'add lan1/4'])
  expect(recorder.upheavals).toEqual(['rejoined lan1/4'])
  joined = new Set(IDS)
  await clock.pass(10 * MINUTE)
  expect(recorder.upheavals).toHaveLength(1)
})

test('a system that does not tell who is in the group is believed', async () => {
  joined = undefined
  await clock.pass(10 * MINUTE)
  expect(recorder.upheavals).toEqual([])
})

test('goal 50: others were heard, then nobody for two minutes: joined again, then ever more rarely', async () => {
  hear('198.18.0.9')
  const heard = clock.now()
  const told: number[] = []
  for (let second = 0; second < 3600; second += 1) {
    const before = recorder.upheavals.length
    await clock.pass(SECOND)
    if (recorder.upheavals.length > before) told.push(Math.round((clock.now() - heard) / SECOND))
  }
  expect(new Set(recorder.upheavals)).toEqual(new Set(['rejoined lan0/4']))
  expect(told.map((at) => Math.round(at / 60))).toEqual([2, 6, 14, 30])
})

test('who is heard again has two minutes again', async () => {
  hear('198.18.0.9')
  await clock.pass(7 * MINUTE)
  expect(recorder.upheavals).toHaveLength(2)
  hear('198.18.0.9')
  await clock.pass(110 * SECOND)
  expect(recorder.upheavals).toHaveLength(2)
  await clock.pass(12 * SECOND)
  expect(recorder.upheavals).toHaveLength(3)
})

test.each(['198.18.0.1', '198.18.1.1'])('our own datagrams, from %s, prove nothing', async (own) => {
  hear('198.18.0.9')
  for (let minute = 0; minute < 3; minute += 1) {
    await clock.pass(MINUTE)
    hear(own)
  }
  expect(recorder.upheavals).toEqual(['rejoined lan0/4'])
})

test('a group that cannot be joined again makes the link be opened anew', async () => {
  const before = dgram.open.find(({ address }) => address === '224.0.0.251')
  dgram.fault = (call) => (call === 'addMembership' ? 'ENODEV' : undefined)
  joined = new Set(['lan0/6', 'lan1/4'])
  await clock.pass(MINUTE)
  expect(recorder.failures.map(({ link }) => link)).toContain('lan0/4')
  dgram.fault = () => undefined
  joined = new Set(IDS)
  await clock.pass(2 * SECOND)
  expect(recorder.ids).toEqual(IDS)
  expect(dgram.open).not.toContain(before)
})
