import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UdpTransport } from '../../src/net/udp.ts'
import { FakeDgram, listed, ManualClock, settled, systemError } from './fake-dgram.ts'
import { Recorder } from './recorder.ts'

const ERRORS = 'ENETUNREACH EADDRNOTAVAIL ENODEV ENOBUFS EMSGSIZE EPERM EHOSTUNREACH EACCES EADDRINUSE'.split(' ')
const OPENING = [
  'createSocket',
  'bind',
  'addMembership',
  'setMulticastInterface',
  'setMulticastTTL',
  'setTTL',
  'setMulticastLoopback',
]
const SENDING = ['send', 'send callback']

let dgram: FakeDgram
let clock: ManualClock
let recorder: Recorder
let transport: UdpTransport
let machine: Record<string, ReturnType<typeof listed>[]>
const escaped: unknown[] = []
const keepEscaped = (error: unknown) => escaped.push(error)

beforeEach(() => {
  dgram = new FakeDgram()
  clock = new ManualClock()
  recorder = new Recorder()
  machine = { lan0: [listed('198.18.0.1/24'), listed('fe80::1/64')], lan1: [listed('198.18.1.1/24')] }
  const networkInterfaces = () => machine
  transport = new UdpTransport({
    clock,
    networkInterfaces,
    createSocket: dgram.createSocket,
    wallClock: () => clock.now(),
    memberships: () => undefined,
    portHolders: () => undefined,
  })
  process.on('uncaughtException', keepEscaped).on('unhandledRejection', keepEscaped)
})

afterEach(async () => {
  const closing = transport.close()
  await clock.pass(1000)
  await closing
  await settled()
  process.off('uncaughtException', keepEscaped).off('unhandledRejection', keepEscaped)
  expect(escaped.splice(0)).toEqual([])
  expect(dgram.open).toEqual([])
  expect(clock.waiting).toBe(0)
})

function sendOn(link: string): void {
  transport.send({ link, to: 'group', bytes: Buffer.from('x') })
}

/** Makes a call fail on the sockets that are bound to lan0's own IPv4 address. */
function onlyLan0(wanted: string, code: string): FakeDgram['fault'] {
  return (call, address) => (call === wanted && address === '198.18.0.1' ? code : undefined)
}

describe.each(OPENING)('%s fails', (call) => {
  test.each(ERRORS)('with %s on every socket: told, no link, and up again at the next poll', async (code) => {
    dgram.fault = (made) => (made === call ? code : undefined)
    await transport.open(recorder)
    expect(recorder.ids).toEqual([])
    // An address that is new may not be ready; that is told only if it stays so.
    if (code === 'EADDRNOTAVAIL') {
      expect(recorder.failures).toEqual([])
      await clock.pass(5000)
    }
    expect(new Set(recorder.failures.map(({ link }) => link))).toEqual(new Set(['lan0/4', 'lan0/6', 'lan1/4']))
    const told = recorder.failures.length
    await clock.pass(60_000)
    expect(recorder.failures).toHaveLength(told)
    dgram.fault = () => undefined
    await clock.pass(code === 'EADDRINUSE' ? 30_000 : 2000)
    expect(recorder.ids).toEqual(['lan0/4', 'lan0/6', 'lan1/4'])
    expect(dgram.open).toHaveLength(6)
  })
})

test.each(OPENING.slice(1).filter((call) => call !== 'addMembership'))(
  '%s fails on one link: the others are not affected',
  async (call) => {
    dgram.fault = onlyLan0(call, 'EACCES')
    await transport.open(recorder)
    expect(recorder.ids).toEqual(['lan0/6', 'lan1/4'])
    expect(recorder.failures.map(({ link }) => link)).toEqual(['lan0/4'])
    dgram.fault = () => undefined
    await clock.pass(2000)
    expect(recorder.ids).toEqual(['lan0/4', 'lan0/6', 'lan1/4'])
  },
)

describe.each(SENDING)('%s fails', (call) => {
  test.each(ERRORS)('with %s: told, other links unaffected, works again afterwards', async (code) => {
    await transport.open(recorder)
    dgram.fault = onlyLan0(call, code)
    sendOn('lan0/4')
    sendOn('lan1/4')
    await clock.pass(100)
    expect(recorder.failures.map(({ link, error }) => [link, 'code' in error && error.code])).toEqual([
      ['lan0/4', code],
    ])
    dgram.fault = () => undefined
    await clock.pass(2000)
    const before = dgram.calls.length
    sendOn('lan0/4')
    await clock.pass(100)
    expect(dgram.calls.slice(before)).toContain('198.18.0.1 send 224.0.0.251 5353')
    expect(recorder.failures).toHaveLength(1)
    expect(recorder.lists).toHaveLength(1)
  })
})

test.each(ERRORS)('an error event %s on any socket is told, and the link is opened again', async (code) => {
  await transport.open(recorder)
  const before = dgram.open
  for (const socket of before) socket.emit('error', systemError(code, 'recvmsg'))
  expect(recorder.failures).toHaveLength(before.length)
  await clock.pass(2000)
  expect(dgram.open).toHaveLength(before.length)
  expect(dgram.open.filter((socket) => before.includes(socket))).toEqual([])
  expect(recorder.lists).toHaveLength(1)
})

test('ENOBUFS: a datagram that finds the queue full is sent once more after 50 ms', async () => {
  await transport.open(recorder)
  dgram.fault = onlyLan0('send callback', 'ENOBUFS')
  sendOn('lan0/4')
  await clock.pass(49)
  dgram.fault = () => undefined
  await clock.pass(1)
  expect(dgram.calls.filter((call) => call.includes(' send '))).toHaveLength(2)
  expect(recorder.failures).toEqual([])
})

test('ENETUNREACH: the link is opened again within a second, as often as it takes', async () => {
  await transport.open(recorder)
  const count = () => dgram.calls.filter((call) => call === '198.18.0.1 setMulticastInterface 198.18.0.1').length
  const before = count()
  dgram.fault = onlyLan0('send callback', 'ENETUNREACH')
  sendOn('lan0/4')
  await clock.pass(1000)
  expect(count()).toBeGreaterThan(before)
})

test('a unicast send that a peer makes fail says nothing about the link', async () => {
  await transport.open(recorder)
  const before = dgram.open
  dgram.fault = onlyLan0('send callback', 'ENETUNREACH')
  transport.send({ link: 'lan0/4', to: { address: '203.0.113.9', port: 5353 }, bytes: Buffer.from('x') })
  await clock.pass(10_000)
  expect(recorder.failures).toHaveLength(0)
  expect(dgram.open).toEqual(before)
})

test('a send whose callback never comes delays close by half a second', async () => {
  await transport.open(recorder)
  for (const socket of dgram.open) socket.send = () => {}
  sendOn('lan0/4')
  let closed = false
  const closing = transport.close().then(() => {
    closed = true
  })
  await clock.pass(499)
  expect(closed).toBe(false)
  await clock.pass(1)
  expect(closed).toBe(true)
  await closing
})

test('an interface that comes late becomes a link at the next poll, one that goes is closed', async () => {
  await transport.open(recorder)
  machine = { ...machine, lan2: [listed('198.18.2.1/24')] }
  await clock.pass(2000)
  expect(recorder.ids).toEqual(['lan0/4', 'lan0/6', 'lan1/4', 'lan2/4'])
  machine = { lan2: [listed('198.18.2.1/24')] }
  await clock.pass(2000)
  expect(recorder.ids).toEqual(['lan2/4'])
  expect(dgram.open).toHaveLength(2)
  machine = {}
  await clock.pass(2000)
  expect(recorder.lists.at(-1)).toEqual([])
})

test('R270 iflo: loopback takes the place of the last interface three seconds after it, not for a moment', async () => {
  const lo = [{ ...listed('127.0.0.1/8'), internal: true }]
  machine = { lo, lan1: [listed('198.18.1.1/24')] }
  await transport.open(recorder)
  machine = { lo }
  await clock.pass(2000)
  expect(recorder.ids).toEqual([])
  await clock.pass(1000)
  expect(recorder.ids).toEqual(['lo/4'])
  machine = { lo, lan1: [listed('198.18.1.1/24')] }
  await clock.pass(1000)
  expect(recorder.ids).toEqual(['lan1/4'])
})

test('R270 iflo: loopback that was asked for stays, whatever else comes or goes', async () => {
  const lo = [{ ...listed('127.0.0.1/8'), internal: true }]
  machine = { lo, lan1: [listed('198.18.1.1/24')] }
  const networkInterfaces = () => machine
  const asked = new UdpTransport({
    interfaces: ['lo', 'lan1'],
    clock,
    networkInterfaces,
    createSocket: dgram.createSocket,
  })
  await asked.open(recorder)
  expect(recorder.ids).toEqual(['lan1/4', 'lo/4'])
  machine = { lo }
  await clock.pass(1000)
  expect(recorder.ids).toEqual(['lo/4'])
  await asked.close()
})

test('an address that changes is bound and sent from; another one beside it is only told', async () => {
  await transport.open(recorder)
  machine.lan1 = [listed('198.18.1.77/24')]
  await clock.pass(2000)
  expect(dgram.calls).toContain('198.18.1.77 setMulticastInterface 198.18.1.77')
  expect(recorder.lists.at(-1)?.find(({ id }) => id === 'lan1/4')?.addresses[0]?.address).toBe('198.18.1.77')
  const sockets = dgram.open
  machine.lan1 = [listed('198.18.1.77/24'), listed('198.18.1.78/24')]
  await clock.pass(2000)
  expect(dgram.open).toEqual(sockets)
  expect(recorder.lists.at(-1)?.find(({ id }) => id === 'lan1/4')?.addresses).toHaveLength(2)
})

test('an interface that was replaced by another of the same name and address is opened again', async () => {
  await transport.open(recorder)
  const before = dgram.open.filter(({ address }) => address === '198.18.1.1')
  machine.lan1 = [listed('198.18.1.1/24', 8, '02:00:00:00:00:02')]
  await clock.pass(2000)
  const after = dgram.open.filter(({ address }) => address === '198.18.1.1')
  expect(after).toHaveLength(1)
  expect(before).not.toEqual(after)
})

test('a listing that cannot be read leaves the links as they are', async () => {
  await transport.open(recorder)
  const good = machine
  machine = new Proxy(good, {
    ownKeys: () => {
      throw systemError('EPERM', 'uv_interface_addresses')
    },
  })
  await clock.pass(2000)
  expect(recorder.failures.map(({ link }) => link)).toEqual(['*'])
  expect(recorder.ids).toHaveLength(3)
  machine = good
})
