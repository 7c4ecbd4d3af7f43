// After close there is no timer, no socket and no descriptor left, whenever it comes.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import { createDnssd } from '../../src/dnssd.ts'
import { Host } from '../../src/host/host.ts'
import { createRegistry } from '../../src/index.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { SimTransport } from '../../src/sim/transport.ts'
import { World } from '../../src/sim/world.ts'
import { reasonsToLive, udpSockets } from '../net/open-handles.ts'
import { CountingClock } from './counting-clock.ts'

const quietly = () => {}
const node = (id: string) => ({ name: 'greeter', nodes: [{ id, address: ':8080' }] })

/** A host whose timers are counted, and on its LAN somebody else who is there for 30 seconds at most. */
function counted() {
  const world = new World()
  const there = new Dnssd(world.host())
  for (const type of ['http', 'ipp']) there.advertise({ name: 'Box', type, port: 80, ttl: 60 })
  world.clock.at(30_000, () => world.transport(world.hosts[0] as Host).disconnect(world.lan))
  const clock = new CountingClock(world.clock)
  const transport = new SimTransport({ clock: world.clock, name: 'counted' })
  transport.connect(world.lan, { addresses: world.lan.freshAddresses([4, 6]) })
  const host = new Host({ clock, random: seededRandom(1, 1), transport, hostName: 'counted' })
  return { world, clock, host }
}

/** At the start, while names are probed for and answers come in, when all is known, in doubt, and forgotten. */
const MOMENTS = [0, 1, 25, 130, 300, 600, 800, 1_100, 2_000, 3_500, 10_000, 89_500, 91_000, 93_000, 200_000, 400_000]

describe('no timer is left', () => {
  test.each(MOMENTS)('of a registry that is closed after %i ms', async (ms) => {
    const { world, clock, host } = counted()
    const registry = mdnsBackend({ host: () => host }, Math.random)({})
    registry.register(node('one'), { ttl: 30 }).catch(quietly)
    registry.register(node('two')).catch(quietly)
    registry.watch()
    registry.watch({ service: 'greeter' })
    registry.getService('nobody', { timeout: 5_000 }).catch(quietly)
    registry.getService('greeter', { minNodes: 9, timeout: 1e6 }).catch(quietly)
    registry.listServices().catch(quietly)
    world.run(ms)
    expect(clock.waiting).toBe(1)
    const closed = registry.close()
    expect(registry.close()).toBe(closed)
    await world.until(closed)
    expect(clock.waiting).toBe(0)
  })

  test.each(MOMENTS)('of a DNS-SD object that is closed after %i ms', async (ms) => {
    const { world, clock, host } = counted()
    const dnssd = new Dnssd(host)
    dnssd.advertise({ name: 'mine', type: 'http', port: 80 })
    for (const resolve of [true, false]) dnssd.browse('http', { resolve })
    dnssd.types()
    dnssd.resolve('Box', 'ipp', { timeout: 1e6 }).catch(quietly)
    dnssd.resolve('nobody', 'ipp', { timeout: 1e6 }).catch(quietly)
    dnssd.lookup('nobody', { timeout: 1e6 }).catch(quietly)
    world.run(ms)
    expect(clock.waiting).toBe(1)
    await world.until(dnssd.close())
    await world.until(dnssd.close())
    expect(clock.waiting).toBe(0)
  })

  test('of a registry that shares its host, when the host is closed after it', async () => {
    const { world, clock, host } = counted()
    const registry = mdnsBackend({ host: () => host }, Math.random)({ host })
    registry.watch()
    registry.register(node('one'), { ttl: 30 }).catch(quietly)
    registry.getService('nobody').catch(quietly)
    world.run(5_000)
    await world.until(registry.close())
    await world.until(host.close())
    expect(clock.waiting).toBe(0)
  })
})

test('goal 60: 200 registries and DNS-SD objects leave no socket, no descriptor and no reason to live', async () => {
  const before = { sockets: await udpSockets(), descriptors: descriptors() }
  const reasons = reasonsToLive().length
  for (let i = 0; i < 5; i += 1) await Promise.all(Array.from({ length: 40 }, (_, j) => comeAndGo(j % 5)))
  expect({ sockets: await udpSockets(), descriptors: descriptors() }).toEqual(before)
  // The test runner has timers of its own, which may have gone meanwhile.
  expect(reasonsToLive().length).toBeLessThanOrEqual(reasons)
}, 60_000)

/** Closed before it is opened, while it is, just after, and with something to say goodbye for. */
async function comeAndGo(moment: number): Promise<void> {
  const registry = createRegistry({ interfaces: 'loopback' })
  const dnssd = createDnssd({ interfaces: 'loopback' })
  const close = () => Promise.all([registry.close(), dnssd.close(), registry.close(), dnssd.close()])
  if (moment === 0) return void (await close())
  const watcher = registry.watch()
  dnssd.browse('http')
  if (moment === 1) return void (await close())
  for (let turn = 0; turn < moment; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  if (moment === 4) await registry.register({ name: 'short', nodes: [{ address: ':1' }] })
  if (moment === 3) watcher.stop()
  await close()
}

/** Where the system tells them. */
function descriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}
