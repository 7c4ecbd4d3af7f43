// Owns what every backend does alike when it is asked for services, as tests.
// Does not own the world in which they run (contract.ts).
import { describe, expect, test } from 'vitest'
import { code, greeter, here, ids, link, there, until, withNode } from './parties.ts'

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
