// A host whose programs start before it has a network: they begin as soon as it has one, and keep what they know.
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { until } from '../cli/cli-process.ts'
import { answersIn, probesFor } from './messages.ts'
import { Observer, type Packet } from './observer.ts'
import type { Segment } from './segment.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 10_000
const FOUND_WITHIN = 3_000
/** What was heard on a link that is gone counts for five seconds more. */
const LINGER = 5_000
const TYPE = nameFromText('_mdns-registry._tcp.local')
const INSTANCE = nameFromText('early-1._mdns-registry._tcp.local')
const LAN = { addresses: ['198.18.0.1/24'] }

const site = new Site()
let wire: Segment
let late: SiteHost
let other: SiteHost

beforeEach(() => {
  wire = site.segment()
  ;[late, other] = [site.host('late'), site.host('other')]
  other.plug(wire, { addresses: ['198.18.0.2/24'] })
})
afterEach(async () => {
  expect(await site.endAll()).toEqual([])
})
afterAll(() => site.close())

const node = (id: string) => [{ name: 'greeter', nodes: [{ id, address: ':8080' }] }]

test('without any network it starts; on the first link it joins, probes, announces, asks, finds in 3 s', async () => {
  late.ip('link set lo down')
  const early = await late.member({ register: node('early-1'), watch: true }).has('registered')
  const watcher = await other.member({ register: node('other-1'), watch: true }).has('registered')
  const observer = await Observer.open(['ip', 'netns', 'exec', other.name], ['lan0'])
  const since = Date.now()
  late.plug(wire, LAN)
  await Promise.all([
    watcher.until(({ nodes }) => nodes.get('early-1') === '198.18.0.1:8080', FOUND_WITHIN),
    early.until(({ nodes }) => nodes.get('other-1') === '198.18.0.2:8080', FOUND_WITHIN),
  ])
  for (const family of [4, 6]) {
    const firstly = async (like: (packet: Packet) => boolean) => {
      const own = (packet: Packet) => !packet.outgoing && packet.time >= since && packet.family === family
      return until(() => observer.packets.find((packet) => own(packet) && like(packet))?.time, PATIENCE)
    }
    const [joined = 0, probed = 0, announced = 0] = [
      await firstly(joins),
      await firstly(probes),
      await firstly(announces),
    ]
    expect(joined).toBeGreaterThan(since)
    expect(probed).toBeGreaterThan(joined)
    expect(announced).toBeGreaterThan(probed)
    expect(await firstly(asks)).toBeGreaterThan(joined)
  }
  await observer.close()
})

test('loopback serves as long as there is nothing else; a link that comes takes over, and nobody notices', async () => {
  const ids = ['early-1', 'early-2']
  const [one, two] = ids.map((id) => late.member({ register: node(id), watch: true }))
  for (const member of [one, two]) {
    await member?.until(({ nodes }) => ids.every((id) => nodes.get(id) === '127.0.0.1:8080'), PATIENCE)
  }
  const watcher = await other.member({ watch: true }).has('started')
  late.plug(wire, LAN)
  await watcher.until(({ nodes }) => ids.every((id) => nodes.get(id) === '198.18.0.1:8080'), FOUND_WITHIN)
  for (const member of [one, two]) {
    await member?.until(({ nodes }) => ids.every((id) => nodes.get(id) === '198.18.0.1:8080'), FOUND_WITHIN + LINGER)
  }

  late.ip('link del lan0')
  for (const member of [one, two]) {
    await member?.until(({ nodes }) => ids.every((id) => nodes.get(id) === '127.0.0.1:8080'), FOUND_WITHIN + LINGER)
    expect(member?.results.filter(({ action }) => action === 'delete')).toEqual([])
  }
})

const joins = ({ protocol }: Packet) => protocol === 'membership'
const probes = probesFor(INSTANCE)
const announces = ({ message }: Packet) => message.response && answersIn(message, INSTANCE, 'SRV').length > 0
const asks = ({ message }: Packet) => message.questions.some(({ type, name }) => type === 'PTR' && name === TYPE)
