// bonjour-service and this package in one process, on one socket; for real, on loopback.

import type { Service } from 'bonjour-service'
import { afterAll, describe, expect, test } from 'vitest'
import { createRegistry } from '../../src/create-registry.ts'
import { createDnssd, type Dnssd, type Txt } from '../../src/dnssd.ts'
import { until } from '../cli/cli-process.ts'
import { bareInstance, Program, type Way } from './multicast-dns-program.ts'

const DEADLINE = 8000
const WAYS: readonly Way[] = ['socket', 'packets']
/** Not 5353, and another for each test, so that none hears another. */
let nextPort = 10_000 + (process.pid % 10_000)
/** For bonjour-service, which need not wait for what no other test can have. */
const WEB = { type: 'http', port: 8080, probe: false } as const
const ends: (() => Promise<unknown>)[] = []

function program(way: Way, port = nextPort++): Program {
  const started = new Program(way, port)
  ends.push(() => started.destroy())
  return started
}

function dnssdOf(on: Program): Dnssd {
  const dnssd = createDnssd({ transport: on.transport() })
  ends.unshift(() => dnssd.close())
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
  for (const end of ends) await end()
})

describe.concurrent.each(WAYS)('through its %s', (way) => {
  test('ours finds what bonjour-service publishes, hears of other TXT, and of its goodbye', async () => {
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
  })

  test('bonjour-service finds what ours advertises, sees other TXT, and hears of its goodbye', async () => {
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
  })

  test.each(WAYS)(
    'a registry finds a service of another one through its %s, dots in its name and all',
    async (other) => {
      const here = program(way)
      const there = program(other, here.port)
      const name = 'go.micro.greeter'
      const provider = createRegistry({ transport: here.transport() })
      const client = createRegistry({ transport: there.transport() })
      ends.unshift(
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

  test('multicast-dns asks ours, by unicast too, and is answered', async () => {
    const shared = program(way)
    const peer = bareInstance(shared.port)
    ends.push(() => new Promise<void>((resolve) => peer.destroy(resolve)))
    await dnssdOf(shared).advertise({ name: 'Map', type: '_http._tcp', port: 80 }).ready
    const answers: unknown[] = []
    peer.on('response', (packet: { answers: { type: string; data: unknown }[] }) => answers.push(...packet.answers))
    await eventually(() => {
      peer.query({ questions: [{ name: 'Map._http._tcp.local', type: 'SRV' }] })
      return answers.find((each) => JSON.stringify(each).includes('"port":80'))
    })
  })
})
