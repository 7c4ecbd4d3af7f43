import { describe, expect, test } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import { subtypeName, typeName } from '../../src/dnssd/service-type.ts'
import { BrowsedNodes } from '../../src/registry/browsed-nodes.ts'
import { SERVICE_TYPE } from '../../src/registry/offer.ts'
import type { Result } from '../../src/registry/types.ts'
import { Views } from '../../src/registry/views.ts'
import type { Transmission } from '../../src/sim/network.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromLabels } from '../../src/wire/name.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import { type SimulatedLink, simulatedLink } from './mdns-link.ts'
import { greeter, withNode } from './parties.ts'

const messages = (sent: readonly Transmission[]): Message[] => sent.map(({ bytes }) => decode(bytes))
const by = (link: SimulatedLink, sender: string) => link.world.transcript.filter((sent) => sent.sender === sender)
const records = (sent: readonly Transmission[]): Rr[] =>
  messages(sent).flatMap(({ response, answers, additionals }) => (response ? [...answers, ...additionals] : []))
const questions = (sent: readonly Transmission[]) =>
  messages(sent).flatMap((message) => (message.response ? [] : message.questions.map(({ name }) => name)))
const conflict = expect.objectContaining({ code: 'ERR_NAME_CONFLICT' })

describe('mdns', () => {
  describe('on the wire', () => {
    test('R-design4: one instance per node, the service name is one label, all for 120 seconds', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      await link.until(here.register({ name: 'com.example.v1', nodes: [{ id: 'node.1', address: ':8080' }] }))
      const sent = records(by(link, 'here'))
      const instance = nameFromLabels(['node.1', '_mdns-registry', '_tcp', 'local'])
      const pointers = sent.flatMap((rr) => (rr.type === 'PTR' ? `${rr.name} ${rr.target}` : []))
      expect(pointers).toContain(`${typeName(SERVICE_TYPE)} ${instance}`)
      expect(pointers).toContain(`com\\.example\\.v1._sub._mdns-registry._tcp.local ${instance}`)
      expect(pointers).toContain(`_services._dns-sd._udp.local ${typeName(SERVICE_TYPE)}`)
      const own = sent.filter(({ name, type }) => name === instance && type !== 'NSEC')
      expect(new Set(own.map(({ type }) => type))).toEqual(new Set(['SRV', 'TXT']))
      expect(own.every(({ flush, ttl }) => flush && ttl === 120)).toBe(true)
      expect(sent.find((rr) => rr.type === 'SRV')).toMatchObject({ port: 8080, target: 'here.local' })
    })

    test('a ttl that is given is the ttl of every record of the node', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      await link.until(here.register(greeter, { ttl: 30 }))
      const sent = records(by(link, 'here')).filter(({ type, name }) => type !== 'NSEC' && !name.endsWith('.arpa'))
      expect(new Set(sent.filter(({ name }) => name !== 'here.local').map(({ ttl }) => ttl))).toEqual(new Set([30]))
    })

    test('an explicit IP address has a host name of its own, with just this address', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      await link.until(here.register(withNode('Größe 1')))
      const srv = records(by(link, 'here')).find((rr) => rr.type === 'SRV')
      const target = srv?.type === 'SRV' ? srv.target : ''
      expect(target).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.local$/)
      const addresses = records(by(link, 'here')).filter((rr) => rr.type === 'A' || rr.type === 'AAAA')
      const own = addresses.filter(({ name }) => name === target)
      expect(new Set(own.map((rr) => 'address' in rr && rr.address))).toEqual(new Set(['198.18.0.11']))
    })

    test('RFC 6762 §8.4: an update in place and a renewal say no goodbye', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      await link.until(here.register(greeter))
      await link.until(here.register({ ...greeter, version: '2.0.0', metadata: { team: 'b' } }))
      await link.until(here.register({ ...greeter, version: '2.0.0', metadata: { team: 'b' } }))
      await link.run(5_000)
      expect(records(by(link, 'here')).filter(({ ttl }) => ttl === 0)).toEqual([])
    })

    test('getService asks for the subtype only, and not at all while it is warm', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      await link.until(link.registry().register(greeter))
      await link.run(2_000)
      await link.until(here.getService('greeter'))
      const asked = questions(by(link, 'here'))
      expect(asked).toContain(subtypeName('greeter', SERVICE_TYPE))
      expect(asked).not.toContain(typeName(SERVICE_TYPE))
      const before = by(link, 'here').length
      await link.until(here.getService('greeter'))
      expect(by(link, 'here').length).toBe(before)
    })

    test('a registry that is not used sends nothing', async () => {
      const link = simulatedLink()
      const registry = link.registry()
      await link.run(10_000)
      await link.until(registry.close())
      expect(link.world.transcript).toEqual([])
    })

    test('a register that is aborted while it probes is never announced', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      const controller = new AbortController()
      const registering = expect(here.register(greeter, { signal: controller.signal })).rejects.toBe('enough')
      await link.run(300)
      expect(by(link, 'here').length).toBeGreaterThan(0)
      controller.abort('enough')
      await registering
      await link.run(10_000)
      expect(records(by(link, 'here')).filter(({ type }) => type === 'SRV')).toEqual([])
      await link.until(here.register(greeter))
    })

    test('misuse sends nothing', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      const nodes = [
        { id: 'ok', address: ':1' },
        { id: 'bad', address: ':0' },
      ]
      await expect(here.register({ ...greeter, nodes })).rejects.toMatchObject({ code: 'ERR_INVALID_PORT' })
      await link.run(5_000)
      expect(by(link, 'here')).toEqual([])
    })

    test('a question that nobody has used for five minutes is no longer asked', async () => {
      const link = simulatedLink()
      const here = link.on(link.world.host({ name: 'here' }))
      await expect(link.until(here.getService('nobody', { timeout: 1_000 }))).rejects.toThrow('nobody')
      await link.run(290_000)
      const standing = questions(by(link, 'here')).length
      await link.run(3_600_000 * 3)
      const ended = questions(by(link, 'here')).length
      expect(standing).toBeGreaterThan(3)
      expect(ended - standing).toBeLessThanOrEqual(1)
    })

    test('no more than 64 unused questions stand', async () => {
      const world = new World()
      const host = world.host()
      const dnssd = new Dnssd(host)
      const views = new Views({
        clock: host.clock,
        quiet: { one: 0, all: 0 },
        listen: (service, table) => new BrowsedNodes(dnssd, service, table),
      })
      const used = views.acquire('used')
      for (let i = 0; i < 500; i++) views.acquire(`service-${i}`).release()
      expect(views.size).toBe(65)
      expect(views.acquire('used')).toBe(used)
      views.close()
      expect(views.size).toBe(0)
      await world.close()
    })
  })

  describe('addresses', () => {
    test.each([':8080', '0.0.0.0:8080', '[::]:8080'])(
      '%s is told as an address of its host, IPv4 first',
      async (address) => {
        const link = simulatedLink()
        const host = link.world.host()
        await link.until(link.on(host).register({ name: 'greeter', nodes: [{ id: 'g', address }] }))
        const [service] = await link.until(link.registry().getService('greeter'))
        expect(service?.nodes[0]?.address).toBe(`${link.world.endpoint(host).address}:8080`)
      },
    )

    test('without IPv4 it is an IPv6 address in brackets', async () => {
      const link = simulatedLink(1, new World({ families: [6] }))
      await link.until(link.registry().register({ name: 'greeter', nodes: [{ id: 'g', address: ':8080' }] }))
      const [service] = await link.until(link.registry().getService('greeter'))
      expect(service?.nodes[0]?.address).toMatch(/^\[[0-9a-f:]+(%[\w-]+)?\]:8080$/)
    })
  })

  describe('nodes that vanish', () => {
    async function watched(link: SimulatedLink, ttl?: number) {
      const [host, other] = [link.world.host({ name: 'here' }), link.world.host({ name: 'there' })]
      const [here, there] = [link.on(host), link.on(other)]
      const results: Result[] = []
      there.watch().on('result', (result) => results.push(result))
      await link.until(here.register(greeter, ttl === undefined ? {} : { ttl }))
      await link.run(3_000)
      link.world.partition([host], [other])
      return { there, results }
    }

    test('without a goodbye they expire with their ttl', async () => {
      const link = simulatedLink()
      const { results } = await watched(link)
      await link.run(110_000)
      expect(results.map(({ action }) => action)).toEqual(['create'])
      await link.run(16_000)
      expect(results.slice(1)).toMatchObject([{ action: 'delete', reason: 'expired', service: { name: 'greeter' } }])
    })

    test('RFC 6762 §10.4: after verify they are gone in ten seconds', async () => {
      const link = simulatedLink()
      const { there, results } = await watched(link)
      const [service] = await link.until(there.getService('greeter'))
      for (const node of service?.nodes ?? []) there.verify(node)
      await link.run(10_500)
      expect(results.slice(1)).toMatchObject([{ action: 'delete', reason: 'verify-failed' }])
    })

    test('RFC 6762 §10.4: verify does no harm to a node that answers', async () => {
      const link = simulatedLink()
      const { there, results } = await watched(link)
      link.world.heal()
      for (let i = 0; i < 5; i++) there.verify({ id: 'greeter-1', address: '', metadata: {} })
      await link.run(60_000)
      expect(results.map(({ action }) => action)).toEqual(['create'])
    })
  })

  test('RFC 6762 §9: of two nodes with one id that meet later, one goes on and the other is warned', async () => {
    const link = simulatedLink()
    const hosts = [link.world.host(), link.world.host()] as const
    const [one, other] = [link.on(hosts[0]), link.on(hosts[1])]
    const warnings: unknown[] = []
    for (const registry of [one, other]) registry.on('warning', (warning) => warnings.push(warning))
    link.world.partition([hosts[0]], [hosts[1]])
    await link.until(Promise.all([one.register(withNode('same')), other.register(greeter)]))
    await link.until(other.register(withNode('same', { nodes: [{ id: 'same', address: '198.18.0.12:1' }] })))
    link.world.heal()
    const watcher = link.registry().watch()
    const results: Result[] = []
    watcher.on('result', (result) => results.push(result))
    await link.run(200_000)
    expect(warnings).toEqual([conflict])
    const nodes = new Map(results.map(({ action, service }) => [service.nodes[0]?.id, action]))
    expect(nodes.get('same')).not.toBe('delete')
    expect(nodes.get('greeter-1')).not.toBe('delete')
  })

  test('R211 pr1min: a host that finds no free name for itself in a minute warns, once', async () => {
    const link = simulatedLink()
    const [registry, peer] = [link.registry(), link.world.peer()]
    const warnings: unknown[] = []
    registry.on('warning', (warning) => warnings.push(warning))
    peer.onHear = ({ bytes }) => {
      const addresses = decode(bytes).authorities.flatMap((rr) => (rr.type === 'A' ? rr : []))
      if (addresses.length > 0)
        peer.send(encode({ response: true, answers: [{ ...addresses[0], address: '198.18.0.77' }] as Rr[] }))
    }
    void registry.register({ name: 'greeter', nodes: [{ address: ':8080' }] }).catch(() => {})
    await link.run(200_000)
    expect(warnings).toEqual([conflict])
  })

  test('registries that share a host share its names, and close without it', async () => {
    const link = simulatedLink()
    const host = link.world.host({ name: 'here' })
    const [one, other] = [link.on(host), link.on(host)]
    await link.until(Promise.all([one.register(withNode('g-1')), other.register(withNode('g-2'))]))
    await expect(link.until(other.register(withNode('g-1')))).rejects.toThrow(conflict)
    const far = link.registry()
    expect((await link.until(far.getService('greeter', { minNodes: 2 })))[0]?.nodes).toHaveLength(2)
    await link.until(one.close())
    await link.run(1_500)
    expect((await link.until(far.getService('greeter')))[0]?.nodes.map(({ id }) => id)).toEqual(['g-2'])
    await link.until(other.register(withNode('g-3')))
  })

  test('RFC 6762 §6: listServices waits for those that may not repeat themselves yet', async () => {
    const link = simulatedLink()
    await link.until(link.registry().register(withNode('old-1', { name: 'old' })))
    await link.run(20_000)
    await link.until(link.registry().register(withNode('new-1', { name: 'new' })))
    const services = await link.until(link.registry().listServices())
    expect(services.map(({ name }) => name)).toEqual(['new', 'old'])
  })

  test('two hundred nodes of one service are found', async () => {
    const link = simulatedLink()
    const [here, there] = [link.registry(), link.registry()]
    const nodes = Array.from({ length: 200 }, (_, i) => ({ id: `g-${i}`, address: `:${1000 + i}` }))
    await link.until(here.register({ ...greeter, nodes }))
    await link.run(2_000)
    const [service] = await link.until(there.getService('greeter', { minNodes: 200, timeout: 10_000 }))
    expect(service?.nodes).toHaveLength(200)
    await link.until(Promise.all([here.close(), there.close()]))
  })

  test('one packet in five may be lost', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const link = simulatedLink(seed, new World({ seed, loss: 0.2, duplicate: 0.1, latency: [1, 40] }))
      const [here, there] = [link.registry(), link.registry()]
      const results: Result[] = []
      there.watch().on('result', (result) => results.push(result))
      await link.until(here.register(greeter))
      const found = link.until(there.getService('greeter', { timeout: 30_000 }))
      await expect(found, `seed ${seed}`).resolves.toHaveLength(1)
      await link.until(here.register({ ...greeter, metadata: { seed: String(seed) } }))
      await link.run(300_000)
      expect(results.at(-1), `seed ${seed}`).toMatchObject({ service: { metadata: { seed: String(seed) } } })
      expect(
        results.some(({ action }) => action === 'delete'),
        `seed ${seed}`,
      ).toBe(false)
      await link.until(Promise.all([here.close(), there.close()]))
    }
  })
})
