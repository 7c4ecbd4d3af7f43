// Owns what every backend has to do alike, as tests.
// Does not own any backend: `make` builds the world in which they run.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Registry, RegistryOptions, Result, Service, ServiceInput, Watcher } from '../../src/registry/types.ts'

/** Where registries of several programs see each other, under a virtual clock. */
export interface Link {
  /** One more program. */
  registry(options?: RegistryOptions): Registry
  now(): number
  run(ms: number): Promise<void>
  /** Lets time pass until the promise is settled. */
  until<T>(promise: Promise<T>): Promise<T>
}

export const greeter: ServiceInput = {
  name: 'greeter',
  version: '1.0.0',
  metadata: { team: 'a' },
  endpoints: [
    {
      name: 'Greeter.Hello',
      request: { name: 'Req', type: 'Req', values: [{ name: 'name', type: 'string', values: [] }] },
      response: { name: 'Rsp', type: 'Rsp', values: [] },
      metadata: { stream: 'false' },
    },
  ],
  nodes: [{ id: 'greeter-1', address: '198.18.0.11:8080', metadata: { protocol: 'http', Zone: 'B' } }],
}

/** A service with one node of this id. */
export function withNode(id: string, changes: Partial<ServiceInput> = {}): ServiceInput {
  const port = 9000 + (Number(id.replace(/\D/g, '')) || 0)
  return { ...greeter, nodes: [{ id, address: `198.18.0.11:${port}` }], ...changes }
}

const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })
const ids = (services: readonly Service[]) => services.map(({ nodes }) => nodes.map(({ id }) => id))
const story = (results: readonly Result[]) =>
  results.map(({ action, service }) => `${action} ${service.name} ${service.version} ${service.nodes[0]?.id}`)

function follow(watcher: Watcher): Result[] {
  const results: Result[] = []
  watcher.on('result', (result) => results.push(result))
  return results
}

export function registryContract(make: () => Link): void {
  let link: Link
  let here: Registry
  let there: Registry
  const until: Link['until'] = (promise) => link.until(promise)

  beforeEach(() => {
    link = make()
    here = link.registry()
    there = link.registry()
  })
  afterEach(() => until(Promise.all([here.close(), there.close()])))

  describe('register and getService', () => {
    test('what was registered is found elsewhere, complete', async () => {
      const registered = await until(here.register(greeter))
      expect(await until(there.getService('greeter'))).toEqual([registered])
      expect(registered).toEqual({ ...greeter, version: '1.0.0' })
    })

    test('and here, like the nodes of everybody else', async () => {
      const registered = await until(here.register(greeter))
      expect(await until(here.getService('greeter'))).toEqual([registered])
    })

    test('go-micro TestMDNS: four services are found, listed, and gone after deregister', async () => {
      const services = [1, 2, 3].map((n) => ({
        name: `test${n}`,
        version: `1.0.${n}`,
        nodes: [{ id: `test${n}-1`, address: `198.18.0.1:1000${n}`, metadata: { [`foo${n}`]: `bar${n}` } }],
      }))
      services.push({
        name: 'test4',
        version: '1.0.4',
        nodes: [{ id: 'test4-1', address: '[::]:10004', metadata: {} }],
      })
      for (const service of services) {
        await until(here.register(service))
        const [found, ...more] = await until(there.getService(service.name))
        expect(more).toEqual([])
        expect(found).toMatchObject({
          name: service.name,
          version: service.version,
          nodes: [{ id: `${service.name}-1` }],
        })
      }
      expect((await until(there.listServices())).map(({ name }) => name)).toEqual(['test1', 'test2', 'test3', 'test4'])
      for (const service of services) {
        await until(here.deregister(service))
        await link.run(1_500)
        await expect(until(there.getService(service.name, { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
      }
    })

    test('one service per version, nodes merged, in the order of their names', async () => {
      for (const id of ['g-3', 'g-1']) await until(here.register(withNode(id)))
      await until(there.register(withNode('g-2')))
      await until(there.register(withNode('g-9', { version: '0.9.0' })))
      const services = await until(there.getService('greeter', { minNodes: 4 }))
      expect(services.map(({ version }) => version)).toEqual(['0.9.0', '1.0.0'])
      expect(ids(services)).toEqual([['g-9'], ['g-1', 'g-2', 'g-3']])
    })

    test('host names are told as given', async () => {
      await until(here.register(withNode('g-1', { nodes: [{ id: 'g-1', address: 'db.example.com:5432' }] })))
      await until(here.register(withNode('g-2', { nodes: [{ id: 'g-2', address: 'localhost:5432' }] })))
      const [service] = await until(there.getService('greeter', { minNodes: 2 }))
      expect(service?.nodes.map(({ address }) => address)).toEqual(['db.example.com:5432', 'localhost:5432'])
    })

    test('an IPv6 address is told in brackets', async () => {
      await until(here.register(withNode('g-1', { nodes: [{ id: 'g-1', address: '[2001:db8::7]:80' }] })))
      const [service] = await until(there.getService('greeter'))
      expect(service?.nodes[0]?.address).toBe('[2001:db8::7]:80')
    })

    test('names with dots, spaces and letters beyond ASCII are one name', async () => {
      const name = 'com.example.Größe v1.2 (lab)'
      await until(here.register(withNode('größe.1', { name })))
      expect(ids(await until(there.getService(name)))).toEqual([['größe.1']])
      await expect(until(there.getService('Größe v1.2 (lab)', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    })

    test('a warm answer takes no time', async () => {
      await until(here.register(greeter))
      await until(there.getService('greeter'))
      const before = link.now()
      await until(there.getService('greeter'))
      expect(link.now()).toBe(before)
    })

    test('a cold answer does not sleep out the timeout', async () => {
      await until(here.register(greeter))
      // A record that was just announced may not be sent again for a second, RFC 6762 §6.
      await link.run(2_500)
      const before = link.now()
      await until(there.getService('greeter', { timeout: 30_000 }))
      expect(link.now() - before).toBeLessThan(500)
    })

    test('an unknown name is ERR_NOT_FOUND after the timeout', async () => {
      const before = link.now()
      await expect(until(there.getService('nobody', { timeout: 700 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
      expect(link.now() - before).toBe(700)
    })

    test('a lookup that began before the service is answered by it', async () => {
      const found = there.getService('greeter', { timeout: 20_000 })
      await link.run(5_000)
      await until(here.register(greeter))
      expect(ids(await until(found))).toEqual([['greeter-1']])
    })

    test('minNodes waits for as many, or for the timeout', async () => {
      await until(here.register(withNode('g-1')))
      const both = there.getService('greeter', { minNodes: 2, timeout: 20_000 })
      await link.run(5_000)
      await until(here.register(withNode('g-2')))
      expect(ids(await until(both))).toEqual([['g-1', 'g-2']])
      const before = link.now()
      expect(ids(await until(there.getService('greeter', { minNodes: 3, timeout: 500 })))).toEqual([['g-1', 'g-2']])
      expect(link.now() - before).toBe(500)
    })

    test('init changes the timeout', async () => {
      there.init({ timeout: 50 })
      expect(there.options.timeout).toBe(50)
      const before = link.now()
      await expect(until(there.getService('nobody'))).rejects.toThrow(code('ERR_NOT_FOUND'))
      expect(link.now() - before).toBe(50)
      expect(await until(there.listServices())).toEqual([])
    })

    test('nobody can change what others are told', async () => {
      await until(here.register(greeter))
      const [service] = await until(there.getService('greeter'))
      expect(() => Object.assign(service?.nodes[0] ?? {}, { address: 'x' })).toThrow(TypeError)
      Object.assign(service ?? {}, { version: 'x' })
      expect(await until(there.getService('greeter'))).toMatchObject([{ version: '1.0.0' }])
    })
  })

  describe('register again', () => {
    test('with changed data is an update in place', async () => {
      await until(here.register(greeter))
      const results = follow(there.watch({ service: 'greeter' }))
      await link.run(3_000)
      await until(here.register({ ...greeter, metadata: { team: 'b' } }))
      await link.run(3_000)
      expect(story(results)).toEqual(['create greeter 1.0.0 greeter-1', 'update greeter 1.0.0 greeter-1'])
      expect(results.at(-1)?.service.metadata).toEqual({ team: 'b' })
    })

    test('with another port is an update in place', async () => {
      await until(here.register(greeter))
      const results = follow(there.watch({ service: 'greeter' }))
      await link.run(3_000)
      await until(here.register(withNode('greeter-1', { nodes: [{ id: 'greeter-1', address: '198.18.0.11:1' }] })))
      await link.run(3_000)
      expect(results.map(({ action }) => action)).toEqual(['create', 'update'])
      expect(results.at(-1)?.service.nodes[0]?.address).toBe('198.18.0.11:1')
    })

    test('with another address ends with that address', async () => {
      await until(here.register(greeter))
      await until(there.getService('greeter'))
      await until(here.register(withNode('greeter-1', { nodes: [{ id: 'greeter-1', address: '198.18.0.99:1' }] })))
      await link.run(3_000)
      expect((await until(there.getService('greeter')))[0]?.nodes[0]?.address).toBe('198.18.0.99:1')
    })

    test('with the same data is no news', async () => {
      await until(here.register(greeter))
      const results = follow(there.watch())
      await link.run(3_000)
      await until(here.register(greeter))
      await link.run(3_000)
      expect(results.map(({ action }) => action)).toEqual(['create'])
    })

    test('under another version is a delete and a create', async () => {
      await until(here.register(greeter))
      const results = follow(there.watch())
      await link.run(3_000)
      await until(here.register({ ...greeter, version: '2.0.0' }))
      await link.run(3_000)
      expect(story(results)).toEqual([
        'create greeter 1.0.0 greeter-1',
        'delete greeter 1.0.0 greeter-1',
        'create greeter 2.0.0 greeter-1',
      ])
    })

    test('under another name leaves nothing under the old one', async () => {
      await until(here.register(greeter))
      await until(there.getService('greeter'))
      await until(here.register({ ...greeter, name: 'waver' }))
      await link.run(3_000)
      expect(ids(await until(there.getService('waver')))).toEqual([['greeter-1']])
      await expect(until(there.getService('greeter', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    })

    test('without an id renews the node that got one before', async () => {
      const input = { name: 'greeter', nodes: [{ address: ':8080' }] }
      const first = await until(here.register(input))
      expect(first.nodes[0]?.id).toMatch(/^greeter-[0-9a-f]{8}$/)
      expect(await until(here.register(input))).toEqual(first)
      expect(ids(await until(there.getService('greeter')))).toEqual(ids([first]))
    })
  })

  describe('ttl', () => {
    test('a registration that is not renewed lapses', async () => {
      await until(here.register(greeter, { ttl: 30 }))
      const results = follow(there.watch())
      await link.run(29_000)
      expect(results.map(({ action }) => action)).toEqual(['create'])
      await link.run(3_500)
      expect(story(results)).toEqual(['create greeter 1.0.0 greeter-1', 'delete greeter 1.0.0 greeter-1'])
      await expect(until(there.getService('greeter', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    })

    test('a renewal counts from when it is made, and one without ttl ends the lapse', async () => {
      await until(here.register(greeter, { ttl: 30 }))
      const results = follow(there.watch())
      for (let i = 0; i < 4; i++) {
        await link.run(20_000)
        await until(here.register(greeter, { ttl: 30 }))
      }
      await until(here.register(greeter))
      await link.run(120_000)
      expect(results.map(({ action }) => action)).toEqual(['create'])
    })

    test('who lapsed may register again', async () => {
      await until(here.register(greeter, { ttl: 5 }))
      await link.run(10_000)
      await until(here.register(greeter, { ttl: 60 }))
      await link.run(2_000)
      expect(ids(await until(there.getService('greeter')))).toEqual([['greeter-1']])
    })
  })

  describe('conflicts and failures', () => {
    test('an id that another program has is refused, and that program is not disturbed', async () => {
      await until(here.register(greeter))
      const results = follow(here.watch())
      await expect(until(there.register(withNode('greeter-1')))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
      await link.run(3_000)
      expect(results.map(({ action }) => action)).toEqual(['create'])
      expect((await until(here.getService('greeter')))[0]?.nodes[0]?.address).toBe('198.18.0.11:8080')
    })

    test('ids are equal without regard to ASCII case', async () => {
      await until(here.register(greeter))
      await expect(until(there.register(withNode('GREETER-1')))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
    })

    test('a made-up id that is taken is made up anew', async () => {
      const twin = (port: number) => ({ nodes: [{ address: `198.18.0.11:${port}` }], name: 'twin' })
      const [a, b] = [link.registry({ random: () => 0.5 }), link.registry({ random: sequence(0.5, 0.25) })]
      const first = await until(a.register(twin(1)))
      const second = await until(b.register(twin(2)))
      expect(ids([first, second])).toEqual([['twin-80000000'], ['twin-40000000']])
      await until(Promise.all([a.close(), b.close()]))
    })

    test('a register of several nodes that fails undoes what it began and changes nothing else', async () => {
      await until(there.register(withNode('taken')))
      await until(here.register(withNode('mine')))
      const [before] = await until(here.getService('greeter', { minNodes: 2 }))
      const nodes = ['new', 'taken', 'mine'].map((id) => ({ id, address: '198.18.0.11:7' }))
      await expect(until(here.register({ ...greeter, nodes }))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
      await link.run(3_000)
      expect(await until(here.getService('greeter'))).toEqual([before])
    })

    test('what is invalid is refused by every verb that takes it', async () => {
      await expect(here.register({ ...greeter, name: '' })).rejects.toThrow(code('ERR_INVALID_NAME'))
      await expect(here.register(greeter, { ttl: 0 })).rejects.toThrow(code('ERR_INVALID_TTL'))
      await expect(here.register(withNode('x', { metadata: { blob: 'x'.repeat(70_000) } }))).rejects.toThrow(
        code('ERR_TXT_TOO_LARGE'),
      )
      await expect(here.getService('')).rejects.toThrow(code('ERR_INVALID_NAME'))
      expect(() => here.watch({ service: 'x'.repeat(64) })).toThrow(code('ERR_NAME_TOO_LONG'))
    })

    test('a TXT record above 1,300 bytes is warned of, once', async () => {
      const warnings: string[] = []
      here.on('warning', (warning) => warnings.push(warning.code))
      const noise = Array.from({ length: 500 }, (_, i) => ((i * 2654435761) >>> 7).toString(36)).join('')
      await until(here.register(withNode('big', { metadata: { noise } })))
      await until(here.register(withNode('big', { metadata: { noise } })))
      expect(warnings).toEqual(['ERR_TXT_TOO_LARGE'])
      expect((await until(there.getService('greeter')))[0]?.metadata).toEqual({ noise })
    })
  })

  describe('deregister', () => {
    test('ends the given nodes only', async () => {
      await until(here.register({ ...greeter, nodes: ['a', 'b'].map((id) => ({ id, address: '198.18.0.11:80' })) }))
      await until(there.getService('greeter', { minNodes: 2 }))
      await until(here.deregister(withNode('a')))
      await link.run(1_500)
      expect(ids(await until(there.getService('greeter')))).toEqual([['b']])
    })

    test('without nodes ends all of this name and version', async () => {
      for (const id of ['a', 'b']) await until(here.register(withNode(id)))
      await until(here.register(withNode('c', { version: '2.0.0' })))
      await until(there.getService('greeter', { minNodes: 3 }))
      await until(here.deregister({ ...greeter, nodes: [] }))
      await link.run(1_500)
      expect(ids(await until(there.getService('greeter')))).toEqual([['c']])
    })

    test('right after register, without waiting, ends it', async () => {
      const registered = here.register(greeter)
      await until(here.deregister(greeter))
      await until(registered)
      await link.run(2_000)
      await expect(until(there.getService('greeter', { timeout: 500 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    })

    test('of what is not there, or not ours, does nothing', async () => {
      await until(here.register(greeter))
      await until(there.deregister(greeter))
      await until(here.deregister(withNode('other')))
      await link.run(1_500)
      expect(ids(await until(there.getService('greeter')))).toEqual([['greeter-1']])
    })
  })

  describe('watch', () => {
    test('go-micro TestWatcher: a create and then a delete, each with the whole node', async () => {
      const watcher = there.watch()
      const registered = await until(here.register(greeter))
      expect(await until(watcher.next())).toEqual({ action: 'create', service: registered })
      await until(here.deregister(greeter))
      expect(await until(watcher.next())).toEqual({ action: 'delete', service: registered, reason: 'goodbye' })
    })

    test('begins with what is known, marked as initial', async () => {
      await until(here.register(withNode('g-1')))
      await until(here.register(withNode('g-2')))
      await until(there.getService('greeter', { minNodes: 2 }))
      const watcher = there.watch({ service: 'greeter' })
      const first = [await until(watcher.next()), await until(watcher.next())]
      expect(first.map(({ initial }) => initial)).toEqual([true, true])
      await until(here.register(withNode('g-3')))
      const third = await until(watcher.next())
      expect(story([...first, third])).toEqual(['g-1', 'g-2', 'g-3'].map((id) => `create greeter 1.0.0 ${id}`))
      expect(third.initial).toBeUndefined()
    })

    test('of one service hears nothing of others', async () => {
      const results = follow(there.watch({ service: 'greeter' }))
      await until(here.register(withNode('other-1', { name: 'other' })))
      await until(here.register(greeter))
      await link.run(3_000)
      expect(story(results)).toEqual(['create greeter 1.0.0 greeter-1'])
    })

    test('a loop that is left ends the watch', async () => {
      await until(here.register(greeter))
      const watcher = there.watch()
      let stopped = false
      watcher.on('stop', () => {
        stopped = true
      })
      const loop = (async () => {
        for await (const { service } of watcher) return service.name
      })()
      expect(await until(loop)).toBe('greeter')
      await expect(until(watcher.next())).rejects.toThrow(code('ERR_CLOSED'))
      expect(stopped).toBe(true)
    })

    test('an aborted signal ends the watch, stop ends a wait', async () => {
      const controller = new AbortController()
      const aborted = there.watch({ signal: controller.signal })
      const loop = (async () => {
        for await (const _ of aborted) throw new Error('nobody is there')
        return 'over'
      })()
      controller.abort()
      expect(await until(loop)).toBe('over')
      const watcher = there.watch()
      const next = watcher.next()
      watcher.stop()
      await expect(until(next)).rejects.toThrow(code('ERR_CLOSED'))
      const late = there.watch({ signal: controller.signal })
      await expect(until(late.next())).rejects.toThrow(code('ERR_CLOSED'))
    })

    test('a slow reader is told the outcome, and every delete of what it knows', async () => {
      const watcher = there.watch()
      await until(here.register(greeter))
      await until(watcher.next())
      for (let i = 0; i < 30; i++) await until(here.register({ ...greeter, metadata: { i: String(i) } }))
      await until(here.deregister(greeter))
      await link.run(3_000)
      const actions: string[] = []
      while (actions.at(-1) !== 'delete') actions.push((await until(watcher.next())).action)
      expect(actions.slice(0, -1).every((action) => action === 'update')).toBe(true)
    })
  })

  describe('signals', () => {
    test('an aborted register rejects with the reason and leaves nothing behind', async () => {
      await expect(until(here.register(greeter, { signal: AbortSignal.abort('why') }))).rejects.toBe('why')
      await expect(until(there.getService('greeter', { timeout: 2_000 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
      await until(here.register(greeter))
    })

    test('an aborted getService rejects with the reason', async () => {
      const controller = new AbortController()
      const found = there.getService('nobody', { signal: controller.signal })
      controller.abort('enough')
      await expect(until(found)).rejects.toBe('enough')
      await expect(there.getService('nobody', { signal: controller.signal })).rejects.toBe('enough')
    })
  })

  describe('close', () => {
    test('says goodbye to everything, ends what is waiting, and refuses every verb from then on', async () => {
      await until(here.register(greeter))
      const results = follow(there.watch())
      const waiting = expect(here.getService('nobody', { timeout: 60_000 })).rejects.toThrow(code('ERR_CLOSED'))
      const watching = expect(here.watch({ service: 'nobody' }).next()).rejects.toThrow(code('ERR_CLOSED'))
      await link.run(3_000)
      await until(Promise.all([here.close(), here.close()]))
      await link.run(1_500)
      await waiting
      await watching
      expect(results.map(({ action, reason }) => [action, reason])).toEqual([
        ['create', undefined],
        ['delete', 'goodbye'],
      ])
      await expect(here.register(greeter)).rejects.toThrow(code('ERR_CLOSED'))
      await expect(here.deregister(greeter)).rejects.toThrow(code('ERR_CLOSED'))
      await expect(here.getService('greeter')).rejects.toThrow(code('ERR_CLOSED'))
      await expect(here.listServices()).rejects.toThrow(code('ERR_CLOSED'))
      expect(() => here.watch()).toThrow(code('ERR_CLOSED'))
      expect(() => here.verify({ id: 'greeter-1', address: ':1', metadata: {} })).toThrow(code('ERR_CLOSED'))
      expect(() => here.init({})).toThrow(code('ERR_CLOSED'))
    })

    test('a register that is under way rejects with ERR_CLOSED and leaves nothing behind', async () => {
      const registering = expect(here.register(greeter)).rejects.toThrow(code('ERR_CLOSED'))
      await until(here.close())
      await registering
      await expect(until(there.getService('greeter', { timeout: 2_000 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    })

    test('await using closes', async () => {
      await (async () => {
        await using registry = link.registry()
        await until(registry.register(greeter))
        const closing = registry.close()
        await until(closing)
      })()
      await link.run(1_500)
      await expect(until(there.getService('greeter', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    })
  })
}

function sequence(...values: number[]): () => number {
  return () => values.shift() ?? 0
}
