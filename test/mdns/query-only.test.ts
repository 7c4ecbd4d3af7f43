// A link on which another program holds port 5353: all one can do there is ask, as a plain resolver does.
import { expect, test } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { instance, ptr, srv, TYPE, txt } from './records.ts'

const SECOND = 1000
const WEB = instance('web')

function publish(host: Host, label = 'web'): void {
  const name = instance(label)
  host.publish({
    id: label,
    needsHost: true,
    records: (site) => [ptr(name), srv(name, { target: site.host }), txt(name)],
  })
}

/** A host that publishes, and one that may only ask. */
function site() {
  const world = new World({ families: [4], latency: 1 })
  const server = world.host({ name: 'server' })
  const client = world.host({ name: 'client', networks: [] })
  const addresses = world.lan.freshAddresses([4])
  const plug = (queryOnly: boolean) => world.transport(client).connect(world.lan, { addresses, queryOnly })
  plug(true)
  publish(server)
  world.run(5 * SECOND)
  const sent = () => world.transcript.filter(({ sender }) => sender === 'client')
  return { world, server, client, plug, sent }
}

function known(host: Host): readonly unknown[] {
  return host.lookup(TYPE, 'PTR').map(({ rr }) => 'target' in rr && rr.target)
}

test('R61 oneshotport: asks from another port, is answered there, and tells how much it can take', () => {
  const { world, client, sent } = site()
  client.ask(TYPE, 'PTR', () => {})
  world.run(SECOND)
  expect(known(client)).toEqual([WEB])
  expect(client.lookup(WEB, 'SRV')).toHaveLength(1)
  const [first] = sent()
  expect(first?.from.port).not.toBe(5353)
  const message = decode(first?.bytes ?? new Uint8Array())
  expect(message.questions.map(({ unicast }) => unicast)).toEqual([false])
  expect(message.additionals).toEqual([expect.objectContaining({ type: 'TYPE41', class: LIMITS.datagramOut4 })])
})

test('keeps up what it knows although answers live for ten seconds, and notices when they end', async () => {
  const { world, server, client } = site()
  const news: string[] = []
  client.ask(TYPE, 'PTR', (changes) => news.push(...changes.map(({ action }) => action)))
  world.run(120 * SECOND)
  expect(known(client)).toEqual([WEB])
  expect(news).toEqual(['added'])
  server.withdraw('web')
  world.run(11 * SECOND)
  expect(known(client)).toEqual([])
})

test('publishes nothing, keeps nobody waiting for it, and does so once the port is free', () => {
  const { world, client, plug, sent } = site()
  const events: string[] = []
  client.on((event) => events.push(event.kind))
  publish(client, 'mine')
  world.run(60 * SECOND)
  expect(events).toEqual(['published'])
  expect(sent()).toEqual([])
  plug(false)
  const free = world.now
  world.run(5 * SECOND)
  const messages = sent().map(({ bytes }) => decode(bytes))
  expect(messages.filter(({ authorities }) => authorities.length > 0)).toHaveLength(3)
  expect(messages.filter(({ response }) => response).length).toBeGreaterThanOrEqual(2)
  expect(sent().every(({ from, at }) => from.port === 5353 && at >= free)).toBe(true)
})

test('what was learned by asking is still there when the port becomes free', () => {
  const { world, client, plug } = site()
  const news: string[] = []
  client.ask(TYPE, 'PTR', (changes) => news.push(...changes.map(({ action }) => action)))
  world.run(3 * SECOND)
  plug(false)
  world.run(60 * SECOND)
  expect(news).toEqual(['added'])
  plug(true)
  world.run(60 * SECOND)
  expect(news).toEqual(['added'])
  expect(known(client)).toEqual([WEB])
})
