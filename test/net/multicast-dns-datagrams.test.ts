// What becomes of a datagram on its way through an instance: where it came from, how it looks, and what comes back.
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Transport } from '../../src/host/ports.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { type MulticastDnsOptions, multicastDns } from '../../src/net/multicast-dns.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromLabels } from '../../src/wire/name.ts'
import { a, instance as instanceName, ptr, question, TYPE, txt } from '../mdns/records.ts'
import { plainMessage } from '../wire/arbitrary-message.ts'
import { listed, ManualClock } from './fake-dgram.ts'
import { FakeInstance, FakeSharedSocket } from './fake-multicast-dns.ts'
import { Recorder } from './recorder.ts'

const QUERY = encode({ questions: [question(TYPE, 'PTR')] })
const MACHINE = { lan0: [listed('198.18.0.1/24'), listed('fe80::1/64')] }
const NOT_UTF8 = nameFromLabels([Uint8Array.of(0xff), 'local'])

let clock: ManualClock
let instance: FakeInstance
let socket: FakeSharedSocket
let recorder: Recorder

beforeEach(() => {
  clock = new ManualClock()
  instance = new FakeInstance()
  socket = new FakeSharedSocket()
  recorder = new Recorder()
})

async function open(options: MulticastDnsOptions = {}): Promise<Transport> {
  const transport = multicastDns(instance, { clock, networkInterfaces: () => MACHINE, ...options })
  await transport.open(recorder)
  return transport
}

describe('where it came from', () => {
  test.each([
    ['198.18.0.9', 5353, true],
    ['198.18.0.1', 5353, true],
    ['198.18.0.9', 61234, true],
    ['198.18.1.9', 5353, false],
    ['192.0.2.1', 5353, false],
  ])('from %s port %i it is taken for the group: %s', async (address, port, viaGroup) => {
    await open()
    instance.hear(QUERY, address, port)
    expect(recorder.datagrams).toEqual([{ link: 'lan0/4', from: { address, port }, viaGroup, bytes: QUERY }])
  })

  test('the port that an instance was given stands for 5353, both ways', async () => {
    const transport = await open({ port: 20_000 })
    instance.hear(QUERY, '198.18.0.9', 20_000)
    instance.hear(QUERY, '198.18.0.9', 61_234)
    expect(recorder.datagrams.map(({ from }) => from.port)).toEqual([5353, 61_234])
    for (const port of [5353, 61_234])
      transport.send({ link: 'lan0/4', to: { address: '198.18.0.9', port }, bytes: QUERY })
    expect(instance.sent.map(({ to }) => to?.port)).toEqual([20_000, 61_234])
  })

  test('IPv6: a zone is taken off, put on again, and has to be that of the link', async () => {
    const transport = await open({ type: 'udp6', interface: '::%lan0' })
    instance.hear(QUERY, 'fe80::9%lan0')
    instance.hear(QUERY, 'fe80::9%lan1')
    expect(recorder.datagrams.map(({ link, from }) => [link, from.address])).toEqual([['lan0/6', 'fe80::9']])
    transport.send({ link: 'lan0/6', to: { address: 'fe80::9', port: 5353 }, bytes: QUERY })
    transport.send({ link: 'lan0/6', to: { address: '2001:db8::9', port: 5353 }, bytes: QUERY })
    expect(instance.sent.map(({ to }) => to?.address)).toEqual(['fe80::9%lan0', '2001:db8::9'])
  })

  test('what is no packet, or larger than any may be, is not let in and throws nothing', async () => {
    await open()
    for (const packet of [undefined, {}, { answers: 7 }, { questions: [null] }]) {
      instance.emit('query', packet, { address: '198.18.0.9', port: 5353, size: 9001 })
    }
    expect(recorder.datagrams).toEqual([])
    for (const packet of [undefined, { answers: 7 }]) instance.emit('query', packet, { address: '198.18.0.9', port: 1 })
    expect(recorder.datagrams).toEqual([])
  })
})

describe('through the socket', () => {
  test('bytes go both ways untouched, to the group that the instance has', async () => {
    const odd = Uint8Array.of(1, 2, 3)
    const transport = await open({ socket: socket.asSocket, ip: '224.0.0.252', port: 20_000 })
    socket.emit('message', odd, { address: '198.18.0.9', port: 20_000 })
    expect(recorder.datagrams[0]?.bytes).toBe(odd)
    transport.send({ link: 'lan0/4', to: 'group', bytes: odd })
    transport.send({ link: 'lan0/4', to: { address: '198.18.0.9', port: 7 }, bytes: odd })
    expect(socket.sent).toEqual([
      { wire: odd, to: { address: '224.0.0.252', port: 20_000 } },
      { wire: odd, to: { address: '198.18.0.9', port: 7 } },
    ])
    instance.hear(QUERY, '198.18.0.9')
    expect(recorder.datagrams).toHaveLength(1)
  })

  test.each([
    ['udp4', 'lan0/4', '224.0.0.251'],
    ['udp6', 'lan0/6', 'ff02::fb'],
  ] as const)('the group of %s is that of mDNS', async (type, link, address) => {
    const transport = await open({ socket: socket.asSocket, type })
    transport.send({ link, to: 'group', bytes: QUERY })
    expect(socket.sent[0]?.to).toEqual({ address, port: 5353 })
  })
})

describe('through packets', () => {
  test('whatever was sent comes back once, as the bytes that were sent, though it was divided', async () => {
    const transport = await open()
    const property = fc.property(plainMessage, (message) => {
      recorder.datagrams.length = 0
      const bytes = encode(message)
      transport.send({ link: 'lan0/4', to: 'group', bytes })
      expect(recorder.datagrams.map((datagram) => Buffer.from(datagram.bytes))).toEqual(
        isEmpty(bytes) ? [] : [Buffer.from(bytes)],
      )
    })
    fc.assert(property, { numRuns: 100 })
    expect(recorder.failures).toEqual([])
  })

  test('no datagram is larger than its like through a socket, though nothing in it is compressed', async () => {
    const transport = await open()
    const answers = Array.from({ length: 24 }, (_, index) => ptr(instanceName(`Printer number ${index} of many`)))
    const bytes = encode({ response: true, answers })
    transport.send({ link: 'lan0/4', to: 'group', bytes })
    expect(bytes.length).toBeLessThanOrEqual(LIMITS.datagramOut4)
    expect(instance.sent.length).toBeGreaterThan(1)
    for (const { wire } of instance.sent) expect(wire.length).toBeLessThanOrEqual(LIMITS.datagramOut4)
    expect(instance.sent.flatMap(({ wire }) => decode(wire).answers)).toEqual(answers)
  })

  test('a reply to a resolver keeps its id and question, and grows no larger than what it takes', async () => {
    const transport = await open()
    const additionals = [txt(instanceName('Map'), { data: new Uint8Array(400) })]
    const reply = { id: 77, response: true, questions: [question(TYPE, 'PTR')], answers: [ptr(instanceName('Map'))] }
    const to = { address: '198.18.0.9', port: 61_234 }
    transport.send({ link: 'lan0/4', to, bytes: encode({ ...reply, additionals }) })
    expect(instance.sent).toHaveLength(1)
    expect(decode(instance.sent[0]?.wire ?? QUERY)).toMatchObject({ ...reply, authoritative: true, additionals: [] })
  })

  test('what it cannot express is left out and told; the rest leaves', async () => {
    const transport = await open()
    const answers = [a('198.18.0.1', { name: NOT_UTF8 }), a('198.18.0.1')]
    transport.send({ link: 'lan0/4', to: 'group', bytes: encode({ response: true, answers }) })
    expect(instance.sent.map(({ wire }) => decode(wire).answers)).toEqual([[a('198.18.0.1')]])
    transport.send({ link: 'lan0/4', to: 'group', bytes: encode({ questions: [question(NOT_UTF8, 'A')] }) })
    expect(instance.sent).toHaveLength(1)
    expect(recorder.failures.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('cannot express'),
      expect.stringContaining('cannot express'),
    ])
  })

  test('no more echoes are remembered than there may be, and none for longer than it may take', async () => {
    const transport = await open()
    const bytes = Array.from({ length: LIMITS.echoes + 1 }, (_, index) =>
      encode({ questions: [question(nameFromLabels([`host.${index}`, 'local']), 'A')] }),
    )
    const came = (each: Uint8Array) => recorder.datagrams.at(-1)?.bytes === each
    instance.address = '198.18.0.1'
    for (const each of bytes) transport.send({ link: 'lan0/4', to: 'group', bytes: each })
    const hear = (index: number) => instance.hear(instance.sent[index]?.wire ?? QUERY, '198.18.0.1')
    hear(1)
    expect(came(bytes[1] ?? QUERY)).toBe(true)
    hear(0)
    expect(came(bytes[0] ?? QUERY)).toBe(false)
    await clock.pass(2001)
    hear(1)
    expect(came(bytes[1] ?? QUERY)).toBe(false)
  })
})

function isEmpty(bytes: Uint8Array): boolean {
  return bytes.length === 12
}
