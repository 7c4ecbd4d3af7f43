import { describe, expect, test } from 'vitest'
import type { Received } from '../../src/mdns/types.ts'
import type { Conditions } from '../../src/sim/network.ts'
import { World, type WorldOptions } from '../../src/sim/world.ts'
import { ScriptedEngine } from '../host/scripted-engine.ts'

/** A world of hosts that say nothing by themselves. */
function silent(options: WorldOptions = {}) {
  const world = new World(options)
  const hosts = Array.from({ length: 3 }, () => {
    const engine = new ScriptedEngine()
    const host = world.host({ engine })
    const heard = () =>
      engine.steps.flatMap(({ input, now }) => (input.kind === 'received' ? [{ ...input.datagram, now }] : []))
    const say = (datagram: { link?: string; to?: 'group' | Received['from']; byte?: number }) => {
      const { link = 'lan/4', to = 'group', byte = 1 } = datagram
      engine.answer = (input) =>
        input.kind === 'withdraw' ? { sends: [{ link, to, bytes: new Uint8Array([byte]) }] } : {}
      host.withdraw('now')
    }
    return { host, engine, heard, say }
  })
  const [a, b, c] = hosts
  if (a === undefined || b === undefined || c === undefined) throw new Error('three hosts')
  return { world, a, b, c }
}

const bytes = (...values: number[]) => new Uint8Array(values)

describe('links', () => {
  test('an interface has a link per family, each with the addresses of both', () => {
    const { a, b } = silent()
    const addresses = [
      { address: '198.18.0.1', family: 4, prefixLength: 16 },
      { address: 'fe80::1', family: 6, prefixLength: 64 },
      { address: '2001:db8::1', family: 6, prefixLength: 64 },
    ]
    expect(a.host.links).toEqual([
      { id: 'lan/4', interface: 'lan', family: 4, addresses, unicast: true },
      { id: 'lan/6', interface: 'lan', family: 6, addresses, unicast: true },
    ])
    expect(b.host.links[0]?.addresses[0]?.address).toBe('198.18.0.2')
  })

  test('a host may have one family alone, several networks, and no certainty of unicast', () => {
    const world = new World({ families: [6] })
    const lab = world.network('lab')
    const host = world.host({ engine: new ScriptedEngine(), networks: [world.lan, lab], unicast: false })
    expect(host.links.map(({ id, unicast }) => [id, unicast])).toEqual([
      ['lan/6', false],
      ['lab/6', false],
    ])
    expect(host.links[1]?.addresses).toEqual([
      { address: 'fe80::1', family: 6, prefixLength: 64 },
      { address: '2001:db8:0:1::1', family: 6, prefixLength: 64 },
    ])
  })

  test('interfaces come, go and change their addresses while the host runs', () => {
    const { world, a } = silent()
    const transport = world.transport(a.host)
    const ids = () => a.host.links.map((link) => link.id)
    const lab = world.network('lab')
    transport.connect(lab, { addresses: lab.freshAddresses([4]) })
    expect(ids()).toEqual(['lan/4', 'lan/6', 'lab/4'])
    expect(a.host.links[2]?.addresses).toEqual([{ address: '198.19.1.1', family: 4, prefixLength: 24 }])
    transport.readdress(world.lan, [{ address: '198.18.9.9', family: 4, prefixLength: 16 }])
    expect(ids()).toEqual(['lan/4', 'lab/4'])
    expect(world.endpoint(a.host)).toEqual({ address: '198.18.9.9', port: 5353 })
    transport.disconnect(world.lan)
    expect(ids()).toEqual(['lab/4'])
    world.peer().send(bytes(1))
    world.run(10)
    expect(a.heard()).toEqual([])
  })

  test('a send that fails is told of after it, and nothing travels', () => {
    const { world, a, b } = silent()
    const lan = world.transport(a.host).interface(world.lan)
    if (lan === undefined) throw new Error('no interface')
    lan.failure = new Error('ENETUNREACH')
    a.say({})
    expect(a.engine.kinds.at(-1)).toBe('withdraw')
    world.run(10)
    expect(a.engine.steps.at(-1)?.input).toEqual({ kind: 'unsent', link: 'lan/4' })
    expect(b.heard()).toEqual([])
    expect(world.transcript).toEqual([])
  })
})

describe('delivery', () => {
  test('multicast reaches everyone in the family, and its sender with its own address', () => {
    const { world, a, b, c } = silent()
    a.say({ link: 'lan/6' })
    world.run(10)
    const expected = { link: 'lan/6', from: { address: 'fe80::1', port: 5353 }, viaGroup: true, bytes: bytes(1) }
    expect(a.heard()).toEqual([{ ...expected, now: 0 }])
    expect(b.heard()).toEqual([expect.objectContaining(expected)])
    expect(c.heard()).toEqual([expect.objectContaining(expected)])
    expect(b.heard()[0]?.now).not.toBe(c.heard()[0]?.now)
  })

  test('one without an address of the family does not hear it', () => {
    const { world, a } = silent()
    const peer = world.peer({ families: [4] })
    a.say({ link: 'lan/6' })
    a.say({ link: 'lan/4', byte: 4 })
    world.run(10)
    expect(peer.heard.map((arrival) => arrival.bytes)).toEqual([bytes(4)])
  })

  test('unicast reaches the one who has the address, on port 5353 alone', () => {
    const { world, a, b, c } = silent()
    a.say({ to: world.endpoint(b.host) })
    a.say({ to: { ...world.endpoint(b.host), port: 5354 } })
    world.run(10)
    const from = { address: '198.18.0.1', port: 5353 }
    expect(b.heard()).toEqual([expect.objectContaining({ link: 'lan/4', from, viaGroup: false })])
    expect([...a.heard(), ...c.heard()]).toEqual([])
  })

  test('unicast leaves from an address of the scope that it goes to', () => {
    const { world, a } = silent()
    const peer = world.peer()
    a.say({ link: 'lan/6', to: { address: '2001:db8::4', port: 5353 } })
    a.say({ link: 'lan/6', to: { address: 'fe80::4', port: 5353 } })
    world.run(10)
    expect(peer.heard.map((arrival) => arrival.from.address).sort()).toEqual(['2001:db8::1', 'fe80::1'])
  })

  test('a host that cannot be sure of unicast gets none', () => {
    const world = new World()
    const engine = new ScriptedEngine()
    const host = world.host({ engine, unicast: false })
    world.peer().send(bytes(1), { to: world.endpoint(host) })
    world.run(10)
    expect(engine.kinds).toEqual(['links'])
  })

  test('networks do not hear each other', () => {
    const { world, a } = silent()
    const stranger = world.peer({ network: world.network('lab') })
    a.say({})
    world.run(10)
    expect(stranger.heard).toEqual([])
  })

  test('a datagram that arrives after the receiver has left is lost', () => {
    const { world, a, b } = silent({ latency: 5 })
    a.say({})
    world.run(4)
    world.transport(b.host).disconnect(world.lan)
    world.run(10)
    expect(b.heard()).toEqual([])
  })

  test('bytes that the sender changes afterwards arrive as they were', () => {
    const { world, b } = silent()
    const buffer = bytes(1)
    world.peer().send(buffer)
    buffer[0] = 2
    world.run(10)
    expect(b.heard()[0]?.bytes).toEqual(bytes(1))
  })
})

describe('conditions', () => {
  function arrivals(conditions: Partial<Conditions>, count = 1000): number[] {
    const { world, b } = silent(conditions)
    const peer = world.peer()
    for (let i = 0; i < count; i += 1) peer.send(bytes(i >> 8, i & 0xff))
    world.run(1000)
    return b.heard().map((datagram) => ((datagram.bytes[0] ?? 0) << 8) | (datagram.bytes[1] ?? 0))
  }

  test('a fixed latency keeps the order, a range does not', () => {
    const sorted = Array.from({ length: 1000 }, (_, i) => i)
    expect(arrivals({ latency: 20 })).toEqual(sorted)
    const mixed = arrivals({ latency: [5, 20] })
    expect(mixed).not.toEqual(sorted)
    expect(mixed.sort((a, b) => a - b)).toEqual(sorted)
  })

  test('a latency is kept exactly, and a range on both sides', () => {
    const { world, b } = silent({ latency: [5, 20] })
    const peer = world.peer()
    for (let i = 0; i < 500; i += 1) peer.send(bytes(1))
    world.run(1000)
    const times = b.heard().map((datagram) => datagram.now)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(5)
    expect(Math.min(...times)).toBeLessThan(6)
    expect(Math.max(...times)).toBeGreaterThan(19)
    expect(Math.max(...times)).toBeLessThanOrEqual(20)
    world.lan.conditions = { ...world.lan.conditions, latency: 7 }
    const start = world.now
    peer.send(bytes(1))
    world.run(100)
    expect(b.heard().at(-1)?.now).toBe(start + 7)
  })

  test('loss and duplication take their share, but no host loses what it said itself', () => {
    expect(arrivals({ loss: 1 })).toEqual([])
    expect(arrivals({ loss: 0.3 }).length / 1000).toBeCloseTo(0.7, 1)
    const twice = arrivals({ duplicate: 0.5 })
    expect(new Set(twice).size).toBe(1000)
    expect(twice.length / 1000).toBeCloseTo(1.5, 1)
    const { world, a } = silent({ loss: 1 })
    a.say({})
    world.run(10)
    expect(a.heard()).toHaveLength(1)
  })

  test('groups do not hear each other until the partition heals; who is in none hears all', () => {
    const { world, a, b, c } = silent()
    const peer = world.peer()
    world.partition([a.host], [b.host])
    a.say({ byte: 1 })
    a.say({ byte: 2, to: world.endpoint(b.host) })
    world.run(10)
    expect([a, b, c].map((each) => each.heard().length)).toEqual([1, 0, 1])
    expect(peer.heard).toHaveLength(1)
    world.heal()
    a.say({ byte: 3 })
    world.run(10)
    expect(b.heard()[0]?.bytes).toEqual(bytes(3))
  })

  test('an intercept sees each delivery and may drop it in one direction', () => {
    const { world, a, b } = silent()
    const seen: string[] = []
    const cancel = world.lan.intercept((delivery) => {
      seen.push(`${delivery.sender} to ${delivery.receiver}`)
      return !(delivery.sender === 'host-1' && delivery.receiver === 'host-2')
    })
    a.say({})
    b.say({})
    world.run(10)
    expect(seen.filter((line) => line.startsWith('host-1'))).toEqual([
      'host-1 to host-1',
      'host-1 to host-2',
      'host-1 to host-3',
    ])
    expect(b.heard().map((datagram) => datagram.from.address)).toEqual(['198.18.0.2'])
    expect(a.heard().map((datagram) => datagram.from.address)).toEqual(['198.18.0.1', '198.18.0.2'])
    cancel()
    a.say({})
    world.run(10)
    expect(b.heard()).toHaveLength(2)
  })
})

describe('peers', () => {
  test('a peer speaks from any address and port, and hears all but itself, on any port', () => {
    const { world, a } = silent({ latency: 3 })
    const peer = world.peer({ name: 'probe' })
    peer.send(bytes(9), { from: { address: '192.0.2.1', port: 4000 }, to: world.endpoint(a.host) })
    peer.send(bytes(8), { family: 6 })
    world.run(10)
    const from = { address: '192.0.2.1', port: 4000 }
    expect(a.heard()[0]).toEqual({ link: 'lan/4', from, viaGroup: false, bytes: bytes(9), now: 3 })
    expect(a.heard()[1]?.from.address).toBe(peer.address(6))
    a.say({ to: { address: peer.address(4), port: 4000 } })
    world.run(10)
    expect(peer.heard).toEqual([
      {
        at: 13,
        network: 'lan',
        sender: 'host-1',
        receiver: 'probe',
        family: 4,
        from: world.endpoint(a.host),
        to: { address: peer.address(4), port: 4000 },
        viaGroup: false,
        bytes: bytes(1),
      },
    ])
  })

  test('a peer may answer what it hears', () => {
    const { world, a } = silent()
    const peer = world.peer()
    peer.onHear = (arrival) => peer.send(bytes(7), { to: arrival.from })
    a.say({})
    world.run(10)
    expect(a.heard().map((datagram) => datagram.bytes)).toEqual([bytes(1), bytes(7)])
  })
})
