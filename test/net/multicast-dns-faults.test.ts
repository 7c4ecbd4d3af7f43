import { errorMonitor } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Transport } from '../../src/host/ports.ts'
import { type MulticastDnsOptions, multicastDns } from '../../src/net/multicast-dns.ts'
import { encode } from '../../src/wire/encode.ts'
import { question, TYPE } from '../mdns/records.ts'
import { listed, ManualClock, settled } from './fake-dgram.ts'
import { FakeInstance, FakeSharedSocket } from './fake-multicast-dns.ts'
import { reasonsToLive } from './open-handles.ts'
import { Recorder } from './recorder.ts'

const BYTES = encode({ questions: [question(TYPE, 'PTR')] })
const EVENTS = [
  'query',
  'response',
  'ready',
  'networkInterface',
  errorMonitor,
  'error',
  'warning',
  'message',
  'listening',
  'close',
]

let clock: ManualClock
let instance: FakeInstance
let socket: FakeSharedSocket
let recorder: Recorder
let machine: Record<string, ReturnType<typeof listed>[]>
let opened: Transport[]

beforeEach(() => {
  clock = new ManualClock()
  instance = new FakeInstance()
  socket = new FakeSharedSocket()
  recorder = new Recorder()
  machine = { lan0: [listed('198.18.0.1/24'), listed('fe80::1/64')], lan1: [listed('198.18.1.1/24')] }
  opened = []
})

afterEach(async () => {
  for (const transport of opened) {
    const closing = transport.close()
    await clock.pass(1000)
    await closing
  }
  expect(listeners()).toEqual([])
  expect(clock.waiting).toBe(0)
})

function listeners(): unknown[] {
  return EVENTS.filter((event) => instance.listenerCount(event) + socket.listenerCount(event) > 0)
}

function over(options: MulticastDnsOptions = {}): Transport {
  const transport = multicastDns(instance, { clock, networkInterfaces: () => machine, ...options })
  opened.push(transport)
  return transport
}

async function open(options: MulticastDnsOptions = {}): Promise<Transport> {
  const transport = over(options)
  await transport.open(recorder)
  return transport
}

function send(transport: Transport, link = 'lan0/4'): void {
  transport.send({ link, to: 'group', bytes: BYTES })
}

function told(): string[] {
  return recorder.failures.map(({ link, error }) => `${link} ${error.message}`)
}

describe('links', () => {
  test('there is one, known when open resolves, and it is followed', async () => {
    await open()
    expect(recorder.lists).toMatchObject([[{ id: 'lan0/4', unicast: false }]])
    machine = { lan0: [listed('198.18.0.2/24')], lan1: machine.lan1 ?? [] }
    await clock.pass(999)
    expect(recorder.lists).toHaveLength(1)
    await clock.pass(1)
    expect(recorder.lists[1]).toMatchObject([{ id: 'lan0/4', addresses: [{ address: '198.18.0.2' }] }])
    machine = {}
    await clock.pass(1000)
    expect(recorder.lists[2]).toEqual([])
    machine = { lan1: [listed('198.18.1.1/24')] }
    await clock.pass(1000)
    expect(recorder.ids).toEqual(['lan1/4'])
    await clock.pass(60_000)
    expect(recorder.lists).toHaveLength(4)
  })

  test('what cannot be listed is told, and the link stays', async () => {
    const transport = await open()
    Object.defineProperty(machine, 'lan0', {
      get: () => {
        throw new Error('no list')
      },
      enumerable: true,
    })
    await clock.pass(60_000)
    expect(told()).toEqual(['* no list'])
    expect(recorder.ids).toEqual(['lan0/4'])
    send(transport)
    expect(instance.sent).toHaveLength(1)
  })

  test('what comes back of its own tells where it sends, though another host says the same first', async () => {
    const transport = await open()
    instance.loopback = false
    send(transport)
    instance.hear(BYTES, '198.18.1.9')
    expect(recorder.ids).toEqual(['lan0/4'])
    instance.hear(BYTES, '198.18.1.1')
    expect(recorder.ids).toEqual(['lan1/4'])
    instance.hear(BYTES, '198.18.0.1')
    expect(recorder.ids).toEqual(['lan1/4'])
  })

  test('an instance that was given an interface sends there, whatever comes back', async () => {
    send(await open({ interface: '198.18.0.1' }))
    instance.hear(BYTES, '198.18.1.1')
    expect(recorder.ids).toEqual(['lan0/4'])
  })

  test('a group that was joined anew is asked again', async () => {
    await open()
    instance.emit('networkInterface')
    expect(recorder.upheavals).toEqual(['rejoined lan0/4'])
    machine = {}
    instance.emit('networkInterface')
    expect(recorder.lists.at(-1)).toEqual([])
    expect(recorder.upheavals).toHaveLength(1)
  })

  test('a machine that slept is told of', async () => {
    let wall = 0
    await open({ wallClock: () => wall })
    wall = 1000
    await clock.pass(1000)
    expect(recorder.upheavals).toEqual([])
    wall = 3_600_000
    await clock.pass(1000)
    expect(recorder.upheavals).toEqual(['woken'])
  })

  test('a transport is opened once', async () => {
    const transport = await open()
    await expect(transport.open(recorder)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })
})

describe('errors of the instance', () => {
  test('the owner hears them as before: told with a listener, thrown without one', async () => {
    await open()
    expect(instance.listenerCount('error')).toBe(0)
    expect(() => instance.emit('error', new Error('taken'))).toThrow('taken')
    const heard: unknown[] = []
    instance.on('error', (error) => heard.push(error))
    instance.emit('error', new Error('taken again'))
    instance.removeAllListeners('error')
    expect(heard).toHaveLength(1)
    expect(told()).toEqual(['lan0/4 taken', '* taken again'])
  })

  test('one that cannot bind has no link and is not made to try again, until it is ready or heard', async () => {
    const transport = await open()
    instance.on('error', () => {})
    for (const recover of [() => instance.emit('ready'), () => instance.hear(BYTES, '198.18.0.9')]) {
      instance.emit('error', new Error('taken'))
      send(transport)
      expect(recorder.ids).toEqual([])
      recover()
      expect(recorder.ids).toEqual(['lan0/4'])
    }
    instance.removeAllListeners('error')
    expect(instance.sent).toEqual([])
  })

  test('a send that fails is told, and the interfaces are looked at at once; unicast tells nothing', async () => {
    const transport = await open()
    instance.fault = 'ENETUNREACH'
    machine = {}
    transport.send({ link: 'lan0/4', to: { address: '198.18.0.9', port: 5353 }, bytes: BYTES })
    expect(told()).toEqual([])
    send(transport)
    expect(told()).toEqual(['lan0/4 send ENETUNREACH'])
    await clock.pass(200)
    expect(recorder.ids).toEqual([])
    send(transport)
    expect(told()).toHaveLength(1)
  })
})

describe('an instance that its owner destroys', () => {
  test('through its packets: noticed with the next datagram; told once, and the link is gone for good', async () => {
    const transport = await open()
    instance.destroy()
    send(transport)
    send(transport)
    expect(told()).toEqual([expect.stringContaining('lan0/4 the multicast-dns instance was destroyed')])
    expect(recorder.lists).toMatchObject([[{ id: 'lan0/4' }], []])
    await clock.pass(60_000)
    expect(recorder.lists).toHaveLength(2)
  })

  test('through its socket: noticed at once', async () => {
    const transport = await open({ socket: socket.asSocket })
    socket.become('closed')
    expect(told()).toEqual([expect.stringContaining('lan0/4 the multicast-dns instance was destroyed')])
    expect(recorder.lists.at(-1)).toEqual([])
    send(transport)
    expect(socket.sent).toEqual([])
  })

  test('before it is opened: told, and no link', async () => {
    socket.state = 'closed'
    await open({ socket: socket.asSocket })
    expect(told()).toEqual([expect.stringContaining('* the multicast-dns instance was destroyed')])
    expect(recorder.lists).toEqual([[]])
  })
})

describe('a socket that is not bound yet', () => {
  test('is waited for, so that what is published first is announced', async () => {
    socket.state = 'unbound'
    const opening = open({ socket: socket.asSocket })
    await settled()
    expect(recorder.lists).toEqual([])
    socket.become('bound')
    await opening
    expect(recorder.ids).toEqual(['lan0/4'])
  })

  test('is waited for no longer than a second, and used once it is bound; till then nothing is sent', async () => {
    socket.state = 'unbound'
    const opening = open({ socket: socket.asSocket })
    await clock.pass(1000)
    const transport = await opening
    expect(recorder.lists).toEqual([[]])
    send(transport)
    socket.become('bound')
    expect(recorder.ids).toEqual(['lan0/4'])
    expect(socket.sent).toEqual([])
  })

  test('is not waited for by who closes', async () => {
    socket.state = 'unbound'
    const opening = open({ socket: socket.asSocket })
    await opened[0]?.close()
    await opening
    expect(recorder.lists).toEqual([])
  })
})

test('it keeps the process alive only when it is told to, whatever the owner does with the socket', async () => {
  const before = reasonsToLive().length
  const transport = await open()
  expect(reasonsToLive()).toHaveLength(before)
  for (const alive of [true, true]) transport.ref?.(alive)
  expect(reasonsToLive()).toHaveLength(before + 1)
  transport.ref?.(false)
  expect(reasonsToLive()).toHaveLength(before)
})

describe('close', () => {
  test('leaves the instance as it was; nothing is told or sent after it, and it may be called twice', async () => {
    const transport = await open()
    expect(listeners()).toEqual(['query', 'response', 'ready', 'networkInterface', errorMonitor])
    await Promise.all([transport.close(), transport.close()])
    expect(listeners()).toEqual([])
    send(transport)
    instance.hear(BYTES, '198.18.0.9')
    instance.emit('ready')
    expect(instance.sent).toEqual([])
    expect(recorder.datagrams).toEqual([])
    await expect(transport.open(recorder)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('waits for what is on its way, but not for long', async () => {
    const states: string[] = []
    for (const lands of [true, false]) {
      const transport = await open({ socket: socket.asSocket })
      send(transport)
      void transport.close().then(() => states.push('closed'))
      await clock.pass(400)
      states.push('waiting')
      if (lands) socket.leaving.shift()?.(null)
      await clock.pass(lands ? 0 : 100)
    }
    expect(states).toEqual(['waiting', 'closed', 'waiting', 'closed'])
  })
})
