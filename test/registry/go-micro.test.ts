import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMicroTxt, encodeMicroTxt } from '../../src/micro/micro-txt.ts'
import { goMicroBackend } from '../../src/registry/go-micro.ts'
import { type HostMakers, mdnsBackend, type WireName } from '../../src/registry/mdns.ts'
import { microJsonOf, microService } from '../../src/registry/micro-node.ts'
import { microOfferOf } from '../../src/registry/micro-offer.ts'
import type { Service } from '../../src/registry/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'
import { encode } from '../../src/wire/encode.ts'
import { goNode } from '../micro/micro-lan.ts'
import { endpoint, metadata } from './arbitrary.ts'
import { bothLink, microLink } from './micro-link.ts'
import { code, follow, greeter, ids, story, withNode } from './parties.ts'

const node = (changes: Partial<Service> & { readonly id?: string; readonly address?: string } = {}): Service => ({
  name: 'greeter',
  version: '1.0.0',
  metadata: {},
  endpoints: [],
  nodes: [{ id: changes.id ?? 'greeter-1', address: changes.address ?? '198.18.0.1:80', metadata: {} }],
  ...changes,
})

describe('a service in the JSON of go-micro', () => {
  test('has the keys and the order that go-micro has', () => {
    expect(JSON.stringify(microJsonOf(node()))).toBe(
      '{"Metadata":{},"Service":"greeter","Version":"1.0.0","Endpoints":null}',
    )
    const full = node({ endpoints: [{ name: 'E', request: { name: 'R', type: 'T', values: [] } }] })
    expect(JSON.stringify(microJsonOf(full))).toBe(
      '{"Metadata":{},"Service":"greeter","Version":"1.0.0","Endpoints":[{"request":{"name":"R","type":"T",' +
        '"values":[]},"response":null,"metadata":{},"name":"E"}]}',
    )
  })

  test('loses nothing on the way', () => {
    const service = fc.record({ version: fc.string({ minLength: 1 }), metadata, endpoints: fc.array(endpoint) })
    fc.assert(
      fc.property(service, metadata, (parts, nodeMetadata) => {
        const [plain] = node().nodes
        const sent = { ...node(parts), nodes: plain ? [{ ...plain, metadata: nodeMetadata }] : [] }
        const json = decodeMicroTxt(encodeMicroTxt(microJsonOf(sent))) ?? {}
        const addresses = [{ address: '198.18.0.1', family: 4, interface: 'lan0' }] as const
        expect(microService({ service: 'greeter', id: 'greeter-1', port: 80, json, addresses }, [])).toEqual(sent)
      }),
    )
  })

  test('of another shape is read as far as it goes', () => {
    const json = { version: 7, metadata: { a: 1 }, endpoints: [{ name: 'E' }, 'x', { name: 1 }], servicemetadata: [] }
    const addresses = [{ address: '198.18.0.1', family: 4, interface: 'lan0' }] as const
    expect(microService({ service: 's', id: 'i', port: 1, json, addresses }, [])).toEqual({
      name: 's',
      version: '',
      metadata: {},
      endpoints: [{ name: 'E', request: null, response: null, metadata: {} }],
      nodes: [{ id: 'i', address: '198.18.0.1:1', metadata: {} }],
    })
    expect(microService({ service: 's', id: 'i', port: 1, json, addresses: [] }, [])).toBeUndefined()
  })
})

describe('what go-micro cannot carry is refused before anything is sent', () => {
  test.each([
    ['a space in a name', node({ name: 'my service' }), 'ERR_INVALID_NAME'],
    ['a letter beyond ASCII', node({ name: 'größe' }), 'ERR_INVALID_NAME'],
    ['a character that Go escapes', node({ id: 'a@b' }), 'ERR_INVALID_NAME'],
    ['an empty label', node({ name: 'a..b' }), 'ERR_INVALID_NAME'],
    ['a dot at the end', node({ id: 'a.' }), 'ERR_INVALID_NAME'],
    ['a long label', node({ id: 'x'.repeat(64) }), 'ERR_NAME_TOO_LONG'],
    ['names that are long together', node({ id: `${'x'.repeat(60)}.`.repeat(4).slice(0, -1) }), 'ERR_NAME_TOO_LONG'],
    ['no version', node({ version: '' }), 'ERR_INVALID_SERVICE'],
    ['a host name', node({ address: 'db.example.com:1' }), 'ERR_INVALID_ADDRESS'],
    ['too much metadata', node({ metadata: { noise: noise(6_000) } }), 'ERR_TXT_TOO_LARGE'],
  ])('%s', (_, service, expected) => {
    expect(() => microOfferOf(service, 'key')).toThrow(code(expected))
  })

  test('by register, whatever else there is in it', async () => {
    const link = microLink()
    const registry = link.registry()
    const nodes = ['good', 'b@d'].map((id) => ({ id, address: ':1' }))
    await expect(registry.register({ name: 'greeter', nodes })).rejects.toThrow(code('ERR_INVALID_NAME'))
    await link.run(5_000)
    expect(link.world.transcript).toEqual([])
    await registry.close()
  })

  test('names with dots and other plain characters are fine, as is localhost', () => {
    expect(microOfferOf(node({ name: 'go.micro.srv.a_b-c/d:e', id: 'x.y+z=1' }), 'key')).toMatchObject({ port: 80 })
    expect(microOfferOf(node({ address: 'localhost:1' }), 'key').address).toEqual({ address: '127.0.0.1', family: 4 })
    expect(microOfferOf(node({ address: ':1' }), 'key').address).toBeUndefined()
    expect(microOfferOf(node(), 'key', 1).ttl).toBe(3)
  })
})

describe('beside go-micro', () => {
  test('a service that it has no name for is looked for, and not found', async () => {
    const link = microLink()
    const registry = link.registry()
    for (const name of ['a..b', '.', 'my service']) {
      await expect(link.until(registry.getService(name, { timeout: 100 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    }
    await link.until(registry.close())
  })

  test('two services may have nodes of one id', async () => {
    const link = microLink()
    const registry = link.registry()
    const go = link.world.peer()
    const results = follow(registry.watch())
    for (const service of ['one', 'two']) {
      go.send(encode({ response: true, answers: goNode({ id: 'x', service }) }, { legacy: true }))
      await link.run(100)
    }
    go.send(encode({ response: true, answers: goNode({ id: 'x', service: 'one', ttl: 0 }) }, { legacy: true }))
    await link.run(100)
    expect(story(results)).toEqual(['create one 1.0.0 x', 'create two 1.0.0 x', 'delete one 1.0.0 x'])
    expect(ids(await link.until(registry.getService('two')))).toEqual([['x']])
    await link.until(registry.close())
  })

  test('one that changed its version is told as a delete and a create', async () => {
    const link = microLink()
    const registry = link.registry()
    const go = link.world.peer()
    const results = follow(registry.watch({ service: 'greeter' }))
    for (const Version of ['1', '2']) {
      go.send(encode({ response: true, answers: goNode({ json: { Version } }) }, { legacy: true }))
      await link.run(100)
    }
    const node = 'greeter-1'
    expect(story(results)).toEqual([`create greeter 1 ${node}`, `delete greeter 1 ${node}`, `create greeter 2 ${node}`])
    await link.until(registry.close())
  })
})

describe('with both wire formats', () => {
  test('each world sees a node once, and one that sees both sees it once as well', async () => {
    const link = bothLink()
    const both = [link.registry(), link.registry()] as const
    const dnssd = link.registry({ wire: ['dns-sd'] })
    const micro = link.registry({ wire: ['go-micro'], microHost: link.world.microHost() })
    const watchers = [both[1], dnssd, micro].map((registry) => follow(registry.watch()))
    await link.until(both[0].register(greeter))
    await link.run(5_000)
    await link.until(both[0].register({ ...greeter, metadata: { team: 'b' } }))
    await link.run(5_000)
    await link.until(both[0].deregister(greeter))
    await link.run(5_000)
    for (const results of watchers) {
      expect(results.map(({ action, reason }) => [action, reason])).toEqual([
        ['create', undefined],
        ['update', undefined],
        ['delete', 'goodbye'],
      ])
    }
    await link.until(Promise.all([...both, dnssd, micro].map((registry) => registry.close())))
  })

  test('a conflict in either world is one, and leaves nothing in the other', async () => {
    const link = bothLink()
    const [ours, dnssd] = [link.registry(), link.registry({ wire: ['dns-sd'] })]
    const micro = link.registry({ wire: ['go-micro'], microHost: link.world.microHost() })
    await link.until(dnssd.register(withNode('a')))
    await link.until(micro.register(withNode('b')))
    for (const id of ['a', 'b']) {
      const rival = withNode(id, { nodes: [{ id, address: ':1' }] })
      await expect(link.until(ours.register(rival))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
    }
    await link.run(5_000)
    expect(ids(await link.until(dnssd.getService('greeter')))).toEqual([['a']])
    expect(ids(await link.until(micro.getService('greeter')))).toEqual([['b']])
    expect(ids(await link.until(ours.getService('greeter', { minNodes: 2 })))).toEqual([['a', 'b']])
    await link.until(Promise.all([ours, dnssd, micro].map((registry) => registry.close())))
  })

  test('one that lives on in one world lives on', async () => {
    const link = bothLink()
    const [ours, watcher] = [link.registry(), link.registry()]
    const go = link.world.peer()
    const results = follow(watcher.watch())
    await link.until(ours.register(greeter, { ttl: 600 }))
    await link.run(2_000)
    const records = goNode({ json: { Metadata: { protocol: 'http' } } })
    go.send(encode({ response: true, answers: records.map((rr) => ({ ...rr, ttl: 1 })) }, { legacy: true }))
    await link.run(20_000)
    expect(results.filter(({ action }) => action === 'delete')).toEqual([])
    await link.until(Promise.all([ours.close(), watcher.close()]))
  })
})

describe('options', () => {
  const world = new World()
  const random = () => 0.5

  test.each([[[]], [['dns-sd', 'etcd']], ['go-micro'], [null]])("'wire' cannot be %j", (wire) => {
    const backend = mdnsBackend({ host: () => world.host() }, random)
    expect(() => backend({ wire: wire as readonly WireName[] })).toThrow(code('ERR_INVALID_OPTION'))
  })

  test('with a host of its own, go-micro needs one as well', () => {
    const both = () => ({ host: world.host(), microHost: world.microHost() })
    const microHost = () => world.microHost()
    const backend = mdnsBackend({ host: () => world.host(), microHost, both }, random)
    const wire: readonly WireName[] = ['dns-sd', 'go-micro']
    expect(() => backend({ wire, host: world.host() })).toThrow(code('ERR_INVALID_OPTION'))
    expect(String(backend({ wire, host: world.host(), microHost: world.microHost() }))).toBe('mdns')
  })

  test.each([
    [['dns-sd'], [], ['host']],
    [['go-micro'], [], ['microHost']],
    [['dns-sd', 'go-micro'], [], ['both']],
    [['dns-sd', 'go-micro'], ['microHost'], ['host']],
  ] as const)('for %j, where %j is given, %j is made and nothing else', async (wire, given, expected) => {
    const link = microLink()
    const { world } = link
    const made: string[] = []
    const making = (name: string, make: () => unknown) => {
      const making = () => {
        made.push(name)
        return make()
      }
      return [name, making] as const
    }
    const makers = Object.fromEntries([
      making('host', () => world.host()),
      making('microHost', () => world.microHost()),
      making('both', () => ({ host: world.host(), microHost: world.microHost() })),
    ]) as unknown as HostMakers
    const hosts = given.length > 0 ? { microHost: world.microHost() } : {}
    const registry = mdnsBackend(makers, random)({ wire, ...hosts })
    await link.until(registry.register(greeter))
    expect(made).toEqual(expected)
    await link.until(registry.close())
  })

  test('a host that is given is not closed, but the nodes leave it', async () => {
    const link = microLink()
    const microHost = link.world.microHost()
    const backend = goMicroBackend(() => microHost, random)
    const [one, other] = [backend({ microHost }), backend({ microHost })]
    await link.until(one.register(greeter))
    await link.until(other.register(withNode('other')))
    await link.until(one.close())
    await link.run(500)
    expect(ids(await link.until(other.getService('greeter')))).toEqual([['other']])
    expect(String(one)).toBe('go-micro')
    await link.until(other.close())
  })
})

function noise(length: number): string {
  const random = seededRandom(1, 1)
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('')
}
