// Who has port 5353: we alone, we and others, or another program that does not share it.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UdpTransport } from '../../src/net/udp.ts'
import { FakeDgram, listed, ManualClock } from './fake-dgram.ts'
import { Recorder } from './recorder.ts'

let dgram: FakeDgram
let clock: ManualClock
let recorder: Recorder
let transport: UdpTransport
let holders: readonly string[] | undefined

beforeEach(() => {
  dgram = new FakeDgram()
  clock = new ManualClock()
  recorder = new Recorder()
  holders = undefined
  const machine = { lan0: [listed('198.18.0.1/24'), listed('fe80::1/64')], lan1: [listed('198.18.1.1/24')] }
  transport = new UdpTransport({
    clock,
    networkInterfaces: () => machine,
    createSocket: dgram.createSocket,
    wallClock: () => clock.now(),
    memberships: () => undefined,
    portHolders: () => holders,
  })
})

afterEach(async () => {
  const closing = transport.close()
  await clock.pass(1000)
  await closing
  expect(dgram.open).toEqual([])
})

function sendOn(link: string): void {
  transport.send({ link, to: 'group', bytes: Buffer.from('x') })
}

test('R16 notfirst: another program that tries the port at the same moment costs no link', async () => {
  let binds = 0
  dgram.fault = (call, address) => {
    if (call !== 'bind' || address !== '198.18.1.1') return undefined
    binds += 1
    // The first is to see whether the port is free; then the other program does the same.
    return binds === 2 ? 'EADDRINUSE' : undefined
  }
  await transport.open(recorder)
  expect(recorder.lists.at(-1)?.find(({ id }) => id === 'lan1/4')?.unicast).toBe(false)
  expect(recorder.failures).toEqual([])
  await clock.pass(31_000)
  expect(recorder.lists.at(-1)?.find(({ id }) => id === 'lan1/4')?.unicast).toBe(true)
})

test('R61 oneshotport: a taken port is tried at the next poll, then every 30 s; the link may ask', async () => {
  let taken = true
  let binds = 0
  dgram.fault = (call, address) => {
    if (call !== 'bind' || address !== '224.0.0.251') return undefined
    binds += 1
    return taken ? 'EADDRINUSE' : undefined
  }
  await transport.open(recorder)
  const asking = () =>
    recorder.lists
      .at(-1)
      ?.filter(({ queryOnly }) => queryOnly)
      .map(({ id }) => id)
  expect(asking()).toEqual(['lan0/4', 'lan1/4'])
  const first = binds
  await clock.pass(1_000)
  expect(binds).toBe(2 * first)
  await clock.pass(28_000)
  expect(binds).toBe(2 * first)
  expect(asking()).toEqual(['lan0/4', 'lan1/4'])
  taken = false
  await clock.pass(3_000)
  expect(recorder.ids).toEqual(['lan0/4', 'lan0/6', 'lan1/4'])
  expect(asking()).toEqual([])
  expect(recorder.failures.map(({ link }) => link)).toEqual(['lan0/4', 'lan1/4'])
  expect(dgram.open).toHaveLength(6)
})

test('R16 notfirst: the port is asked for again every 30 s, and unicast is told once it is ours', async () => {
  const exclusive = new Set(['198.18.1.1'])
  dgram.fault = (call, address) => (call === 'bind' && exclusive.has(address) ? 'EADDRINUSE' : undefined)
  await transport.open(recorder)
  const unicast = () => recorder.lists.at(-1)?.find(({ id }) => id === 'lan1/4')?.unicast
  expect(unicast()).toBe(false)
  sendOn('lan1/4')
  expect(dgram.calls).toContain('224.0.0.251 send 224.0.0.251 5353')
  exclusive.clear()
  await clock.pass(29_000)
  expect(unicast()).toBe(false)
  await clock.pass(2000)
  expect(unicast()).toBe(true)
  expect(recorder.failures).toEqual([])
})

test('R16 notfirst: unicast is left to another program that comes later and takes the port as well', async () => {
  await transport.open(recorder)
  const unicast = () => recorder.lists.at(-1)?.flatMap(({ id, unicast }) => (unicast ? [id] : []))
  holders = ['198.18.0.1', 'fe80::1', '198.18.1.1', '224.0.0.251', 'ff02::fb']
  await clock.pass(31_000)
  expect(unicast()).toEqual(['lan0/4', 'lan0/6', 'lan1/4'])
  holders = [...holders, '198.18.1.1', '::']
  dgram.fault = (call, address) =>
    call === 'bind' && ['198.18.1.1', 'fe80::1%lan0'].includes(address) ? 'EADDRINUSE' : undefined
  await clock.pass(30_000)
  expect(unicast()).toEqual(['lan0/4'])
  sendOn('lan1/4')
  expect(dgram.calls).toContain('224.0.0.251 send 224.0.0.251 5353')
  dgram.fault = () => undefined
  holders = []
  await clock.pass(30_000)
  expect(unicast()).toEqual(['lan0/4', 'lan0/6', 'lan1/4'])
  expect(recorder.failures).toEqual([])
})

test('a transport that only asks has a port of its own on each link, and leaves 5353 alone', async () => {
  const asking = new UdpTransport({
    queryOnly: true,
    clock,
    networkInterfaces: () => ({ lan0: [listed('198.18.0.1/24')] }),
    createSocket: dgram.createSocket,
    wallClock: () => clock.now(),
  })
  const told = new Recorder()
  await asking.open(told)
  expect(told.lists.at(-1)).toMatchObject([{ id: 'lan0/4', queryOnly: true, unicast: false }])
  expect(dgram.sockets.map(({ address }) => address)).toEqual(['198.18.0.1'])
  await clock.pass(120_000)
  expect(dgram.sockets).toHaveLength(1)
  asking.send({ link: 'lan0/4', to: 'group', bytes: Buffer.from('x') })
  expect(dgram.calls).toContain('198.18.0.1 send 224.0.0.251 5353')
  const closing = asking.close()
  await clock.pass(1000)
  await closing
})
