import { createSocket } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import { memberships } from '../../src/net/memberships.ts'
import { portHolders } from '../../src/net/port-holders.ts'
import { UdpTransport } from '../../src/net/udp.ts'
import { reasonsToLive, udpSockets } from './open-handles.ts'
import { Recorder } from './recorder.ts'

/** Not 5353, so that test files that run at the same time do not hear each other. */
const port = 20_000 + (process.pid % 10_000)
const bytes = (text: string) => Buffer.from(text)
const opened: UdpTransport[] = []

async function open(options: { port?: number } = {}): Promise<[UdpTransport, Recorder]> {
  const transport = new UdpTransport({ interfaces: 'loopback', port, ...options })
  const recorder = new Recorder()
  opened.push(transport)
  await transport.open(recorder)
  return [transport, recorder]
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((transport) => transport.close()))
})

test('the links are known when open resolves', async () => {
  const [, recorder] = await open()
  expect(recorder.lists).toHaveLength(1)
  expect(recorder.ids).toContain('lo/4')
  expect(recorder.lists[0]?.[0]?.addresses).toContainEqual({ address: '127.0.0.1', family: 4, prefixLength: 8 })
  expect(recorder.failures).toEqual([])
})

test('no interface is no error, and no link', async () => {
  const transport = new UdpTransport({ interfaces: 'no-such-interface', port })
  const recorder = new Recorder()
  await transport.open(recorder)
  expect(recorder.lists).toEqual([[]])
  transport.send({ link: 'lo/4', to: 'group', bytes: bytes('to nowhere') })
  await transport.close()
})

test('R1 grp4, R15 reuse: two transports hear each other and themselves, once, from the port', async () => {
  const [first, heardByFirst] = await open()
  const [second, heardBySecond] = await open()
  for (const { id } of heardByFirst.lists[0] ?? []) {
    first.send({ link: id, to: 'group', bytes: bytes(`${id} from the first`) })
    second.send({ link: id, to: 'group', bytes: bytes(`${id} from the second`) })
    second.send({ link: id, to: 'group', bytes: bytes(`${id} last`) })
    for (const recorder of [heardByFirst, heardBySecond]) {
      await recorder.until(() => recorder.texts(id).includes(`${id} last`))
      expect(recorder.texts(id).sort()).toEqual([`${id} from the first`, `${id} from the second`, `${id} last`].sort())
      for (const { from, viaGroup } of recorder.datagrams)
        expect({ port: from.port, viaGroup }).toEqual({ port, viaGroup: true })
    }
  }
})

test('R16 notfirst: unicast reaches the first to come, not through the group, and nobody else', async () => {
  const [, heardByFirst] = await open()
  const [second, heardBySecond] = await open()
  expect(heardByFirst.lists.at(-1)?.map(({ unicast }) => unicast)).not.toContain(false)
  expect(heardBySecond.lists.at(-1)?.map(({ unicast }) => unicast)).not.toContain(true)
  second.send({ link: 'lo/4', to: { address: '127.0.0.1', port }, bytes: bytes('unicast') })
  second.send({ link: 'lo/4', to: 'group', bytes: bytes('multicast') })
  await heardByFirst.until(() => heardByFirst.datagrams.length === 2)
  await heardBySecond.until(() => heardBySecond.texts().includes('multicast'))
  expect(heardByFirst.datagrams.find(({ bytes }) => String(bytes) === 'unicast')?.viaGroup).toBe(false)
  expect(heardBySecond.texts()).toEqual(['multicast'])
})

test('what was sent just before close arrives', async () => {
  const [, recorder] = await open()
  const expected: string[] = []
  for (let index = 0; index < 20; index += 1) {
    const [leaving] = await open()
    leaving.send({ link: 'lo/4', to: 'group', bytes: bytes(`goodbye ${index}`) })
    expected.push(`goodbye ${index}`)
    await leaving.close()
  }
  await recorder.until(() => recorder.datagrams.length === 20)
  expect(recorder.texts()).toEqual(expected)
})

test('close may be called twice, leaves no handle and nothing is heard after it', async () => {
  const before = await udpSockets()
  const [transport, recorder] = await open()
  expect(await udpSockets()).toBeGreaterThan(before)
  await Promise.all([transport.close(), transport.close()])
  transport.send({ link: 'lo/4', to: 'group', bytes: bytes('too late') })
  expect(await udpSockets()).toBe(before)
  expect(recorder.datagrams).toEqual([])
})

test('close during open closes what was opened', async () => {
  const before = await udpSockets()
  const transport = new UdpTransport({ interfaces: 'loopback', port })
  const opening = transport.open(new Recorder())
  await transport.close()
  await opening
  expect(await udpSockets()).toBe(before)
})

test('it keeps the process alive when it is told to and as long, whatever is open', async () => {
  const before = reasonsToLive()
  const unopened = new UdpTransport({ interfaces: () => false, port })
  unopened.ref(true)
  unopened.ref(true)
  expect(reasonsToLive()).toHaveLength(before.length + 1)
  const [transport] = await open()
  expect(reasonsToLive()).toHaveLength(before.length + 1)
  transport.ref(true)
  expect(reasonsToLive()).toHaveLength(before.length + 2)
  for (const one of [transport, unopened]) one.ref(false)
  expect(reasonsToLive()).toEqual(before)
})

test('the receive buffer is asked for and read back', async () => {
  const [transport] = await open()
  for (const size of transport.receiveBuffers().values()) expect(size).toBeGreaterThanOrEqual(200_000)
})

test('R61 oneshotport: where a holder does not share the port, the link asks from another and says why', async () => {
  const holder = createSocket('udp4')
  await new Promise<void>((resolve) => holder.bind({ port: port + 1, address: '0.0.0.0' }, resolve))
  holder.addMembership('224.0.0.251', '127.0.0.1')
  holder.on('message', (_bytes, from) => holder.send('answer', from.port, from.address))
  const [transport, recorder] = await open({ port: port + 1 })
  expect(recorder.lists.at(-1)?.find(({ id }) => id === 'lo/4')).toMatchObject({ queryOnly: true, unicast: false })
  expect(recorder.failures.map(({ link, error }) => `${link} ${error.message}`)).toContainEqual(
    expect.stringContaining(`lo/4 UDP port ${port + 1} is held`),
  )
  transport.send({ link: 'lo/4', to: 'group', bytes: bytes('question') })
  await recorder.until(() => recorder.texts().includes('answer'))
  expect(recorder.datagrams[0]).toMatchObject({ link: 'lo/4', from: { port: port + 1 }, viaGroup: false })
  await new Promise<void>((resolve) => holder.close(() => resolve()))
})

test('R16 notfirst: Linux tells on which addresses a port is held', {
  skip: process.platform !== 'linux',
}, async () => {
  const sockets = [createSocket('udp4'), createSocket({ type: 'udp6', ipv6Only: true })]
  for (const [index, address] of ['127.0.0.1', '::1'].entries()) {
    await new Promise<void>((resolve) => sockets[index]?.bind({ port: port + 2, address }, resolve))
  }
  expect(portHolders(port + 2)).toEqual(['127.0.0.1', '::1'])
  for (const socket of sockets) await new Promise<void>((resolve) => socket.close(() => resolve()))
  expect(portHolders(port + 2)).toEqual([])
})

test('goal 50: Linux tells on which links it is in the group', { skip: process.platform !== 'linux' }, async () => {
  const [transport] = await open()
  expect(memberships()).toContain('lo/4')
  expect([...(memberships() ?? [])].every((id) => /^\S+\/[46]$/.test(id))).toBe(true)
  await transport.close()
})

test('5353 itself can be used, whoever else is there', async () => {
  const [transport, recorder] = await open({ port: 5353 })
  transport.send({ link: 'lo/4', to: 'group', bytes: bytes('on 5353') })
  await recorder.until(() => recorder.texts().includes('on 5353'))
})
