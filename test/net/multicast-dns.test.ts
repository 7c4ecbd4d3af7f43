// bonjour-service and this package in one process, on one socket; for real, on loopback.

import { createSocket } from 'node:dgram'
import { errorMonitor } from 'node:events'
import type { Service } from 'bonjour-service'
import { afterAll, expect, test } from 'vitest'
import { createRegistry } from '../../src/create-registry.ts'
import { defaultHost } from '../../src/default-host.ts'
import { createDnssd, Dnssd, type Txt } from '../../src/dnssd.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromLabels } from '../../src/wire/name.ts'
import type { Message } from '../../src/wire/types.ts'
import { until } from '../cli/cli-process.ts'
import { bareInstance, Program, type Way } from './multicast-dns-program.ts'

const DEADLINE = 8000
const WAYS: readonly Way[] = ['socket', 'packets']
const PAIRS = WAYS.flatMap((way) => WAYS.map((other) => [way, other] as const))
/** Not 5353, and another for each test, so that none hears another. */
let nextPort = 10_000 + (process.pid % 10_000)
/** For bonjour-service, which need not wait for what no other test can have. */
const WEB = { type: 'http', port: 8080, probe: false } as const
/** What is on top ends before what it stands on. */
const ends: (() => Promise<unknown>)[] = []
const endsFirst: (() => Promise<unknown>)[] = []

function program(way: Way, port = nextPort++): Program {
  const started = new Program(way, port)
  ends.push(() => started.destroy())
  return started
}

function dnssdOf(on: Program): Dnssd {
  const dnssd = createDnssd({ transport: on.transport() })
  endsFirst.push(() => dnssd.close())
  return dnssd
}

function mood(txt: Txt): string | undefined {
  const value = txt.get('mood')
  return value instanceof Uint8Array ? Buffer.from(value).toString() : undefined
}

async function eventually<T>(ask: () => T | undefined): Promise<T> {
  const answer = await until(ask, DEADLINE)
  if (answer === undefined) throw new Error(`not within ${DEADLINE} ms: ${ask}`)
  return answer
}

afterAll(async () => {
  await Promise.all(endsFirst.map((end) => end()))
  await Promise.all(ends.map((end) => end()))
})

test.concurrent.each(WAYS)(
  'through its %s, ours finds what bonjour-service publishes, hears of other TXT, and of its goodbye',
  async (way) => {
    const shared = program(way)
    const events: string[] = []
    const browser = dnssdOf(shared).browse('_http._tcp')
    browser.on('up', ({ name, port, txt }) => events.push(`up ${name} ${port} ${mood(txt)}`))
    browser.on('update', ({ name, txt }) => events.push(`update ${name} ${mood(txt)}`))
    browser.on('down', ({ name }, reason) => events.push(`down ${name} ${reason}`))
    const publish = (mood: string) =>
      shared.bonjour.publish({ ...WEB, name: 'Große Karte', host: 'elsewhere.example', txt: { mood } })
    const sleepy = publish('sleepy')
    await eventually(() => events[0])
    sleepy.stop?.()
    const awake = publish('awake')
    await eventually(() => events[1])
    awake.stop?.()
    await eventually(() => events[2])
    expect(events).toEqual(['up Große Karte 8080 sleepy', 'update Große Karte awake', 'down Große Karte goodbye'])
  },
)

test.concurrent.each(WAYS)(
  'through its %s, bonjour-service finds what ours advertises, sees other TXT, and hears of its goodbye',
  async (way) => {
    const shared = program(way)
    const events: string[] = []
    const told = (event: string) => (service: Service) => events.push(`${event} ${service.fqdn} ${service.txt?.mood}`)
    const browser = shared.bonjour.find({ type: 'http' })
    browser.on('up', told('up')).on('txt-update', told('update')).on('down', told('down'))
    const page = dnssdOf(shared).advertise({ name: 'Map v1.2', type: '_http._tcp', port: 80, txt: { mood: 'sleepy' } })
    await eventually(() => events[0])
    await page.update({ txt: { mood: 'awake' } })
    // It looks at TXT only beside a PTR record, so it has to ask.
    await eventually(() => {
      browser.update()
      return events[1]
    })
    await page.withdraw()
    await eventually(() => events[2])
    const name = 'Map v1.2._http._tcp.local'
    expect(events).toEqual([`up ${name} sleepy`, `update ${name} awake`, `down ${name} awake`])
    expect(page.name).toBe('Map v1.2')
    expect(shared.warnings).toEqual([])
  },
)

test.concurrent.each(PAIRS)(
  'through its %s, a registry finds by %s what another one has, dots and all',
  async (way, other) => {
    const here = program(way)
    const there = program(other, here.port)
    const name = 'go.micro.greeter'
    const provider = createRegistry({ transport: here.transport() })
    const client = createRegistry({ transport: there.transport() })
    endsFirst.push(
      () => provider.close(),
      () => client.close(),
    )
    const watcher = client.watch({ service: name })
    const service = {
      name,
      version: '1.0.0',
      nodes: [{ id: 'greeter.1', address: ':8080', metadata: { mood: 'sleepy' } }],
    }
    await provider.register(service)
    const [found] = await client.getService(name)
    expect(found?.nodes[0]).toMatchObject({ id: 'greeter.1', address: '127.0.0.1:8080' })
    expect(await watcher.next()).toMatchObject({ action: 'create' })
    await provider.deregister(service)
    expect(await watcher.next()).toMatchObject({ action: 'delete', reason: 'goodbye' })
  },
)

test.concurrent.each(WAYS)(
  'through its %s, multicast-dns asks ours and is answered; so is a resolver, by unicast with its id and question',
  async (way) => {
    const shared = program(way)
    const peer = bareInstance(shared.port)
    const resolver = createSocket('udp4')
    ends.push(() => new Promise<void>((resolve) => peer.destroy(resolve)))
    ends.push(() => new Promise<void>((resolve) => resolver.close(resolve)))
    await dnssdOf(shared).advertise({ name: 'Map v1.2', type: '_http._tcp', port: 80 }).ready
    const heard: string[] = []
    peer.on('response', (packet) => heard.push(JSON.stringify(packet)))
    peer.query({ questions: [{ name: '_http._tcp.local', type: 'PTR' }] })
    await eventually(() => heard.find((text) => text.includes('"data":"Map v1.2._http._tcp.local"')))
    const replies: Message[] = []
    resolver.on('message', (bytes) => replies.push(decode(bytes)))
    const questions = [
      { name: nameFromLabels(['Map v1.2', '_http', '_tcp', 'local']), type: 'SRV', class: 1, unicast: false },
    ] as const
    await new Promise<void>((resolve) => resolver.bind(0, '127.0.0.1', resolve))
    resolver.setMulticastInterface('127.0.0.1')
    resolver.send(encode({ id: 77, questions }), shared.port, '224.0.0.251')
    const reply = await eventually(() => replies[0])
    expect(reply).toMatchObject({
      id: 77,
      response: true,
      questions,
      answers: [{ type: 'SRV', port: 80, flush: false }],
    })
  },
)

test.concurrent.each(WAYS)(
  'through its %s, closing ours leaves bonjour-service at work, with nothing of ours on it',
  async (way) => {
    const shared = program(way)
    const listeners = () =>
      ['query', 'response', 'error', 'ready', 'networkInterface', errorMonitor].map((event) =>
        shared.instance.listenerCount(event),
      )
    const before = listeners()
    const dnssd = dnssdOf(shared)
    await dnssd.advertise({ name: 'Map', type: '_http._tcp', port: 80 }).ready
    expect(listeners()).not.toEqual(before)
    await dnssd.close()
    expect(listeners()).toEqual(before)
    const found: string[] = []
    shared.bonjour.publish({ ...WEB, name: 'Page' })
    shared.bonjour.find({ type: 'http' }, ({ name }) => found.push(name))
    await eventually(() => found[0])
    expect(found).toEqual(['Page'])
  },
)

test.concurrent.each(WAYS)(
  'through its %s, an instance that is destroyed takes the link with it and nothing else',
  async (way) => {
    const shared = new Program(way, nextPort++)
    const host = defaultHost({ transport: shared.transport() })
    const dnssd = new Dnssd(host)
    const page = dnssd.advertise({ name: 'Map', type: '_http._tcp', port: 80 })
    await page.ready
    expect(host.links).toHaveLength(1)
    await shared.destroy()
    const other = dnssd.advertise({ name: 'Other map', type: '_http._tcp', port: 80 })
    await eventually(() => (host.links.length === 0 ? true : undefined))
    await Promise.all([other.ready, page.withdraw()])
    await dnssd.close()
    expect(host.stats).toMatchObject({ failures: 1, errors: 0, links: [] })
    expect(host.stats.lastFailure?.error.message).toContain('was destroyed')
  },
)
