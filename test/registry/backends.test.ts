import { afterEach, describe, expect, test, vi } from 'vitest'
import { createRegistry, type Registry, registerBackend } from '../../src/index.ts'

afterEach(() => vi.unstubAllEnvs())

const fake = (name: string) => ({ toString: () => name }) as Registry

describe('createRegistry', () => {
  test('is mdns unless told otherwise, and opens nothing by itself', async () => {
    vi.stubEnv('MICRO_REGISTRY', '')
    vi.stubEnv('MDNS_REGISTRY_DISABLE', '')
    const registry = createRegistry()
    expect(String(registry)).toBe('mdns')
    await registry.close()
  })

  test('the option comes before MICRO_REGISTRY', () => {
    registerBackend('mine', () => fake('mine'))
    vi.stubEnv('MICRO_REGISTRY', 'mine')
    expect(String(createRegistry())).toBe('mine')
    expect(String(createRegistry({ backend: 'memory' }))).toBe('memory')
  })

  test('MDNS_REGISTRY_DISABLE=1 turns mdns into memory, and leaves other backends alone', async () => {
    vi.stubEnv('MDNS_REGISTRY_DISABLE', '1')
    vi.stubEnv('MICRO_REGISTRY', '')
    registerBackend('mine', () => fake('mine'))
    const registry = createRegistry()
    expect(String(registry)).toBe('memory')
    expect(String(createRegistry({ backend: 'mdns' }))).toBe('memory')
    expect(String(createRegistry({ backend: 'mine' }))).toBe('mine')
    await registry.register({ name: 'greeter', nodes: [{ address: ':8080' }] })
    expect((await registry.getService('greeter'))[0]?.nodes[0]?.address).toBe('127.0.0.1:8080')
    await registry.close()
  })

  test('ERR_UNKNOWN_BACKEND lists what there is', () => {
    const unknown = () => createRegistry({ backend: 'etcd' })
    expect(unknown).toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_BACKEND' }))
    expect(unknown).toThrow(/'etcd'.*mdns, memory/)
  })

  test('MICRO_REGISTRY_ADDRESS gives a plug-in its addresses, unless the option does', () => {
    const given: unknown[] = []
    registerBackend('mine', ({ addresses }) => {
      given.push(addresses)
      return fake('mine')
    })
    createRegistry({ backend: 'mine' })
    vi.stubEnv('MICRO_REGISTRY_ADDRESS', '198.18.0.1:2379, 198.18.0.2:2379,')
    createRegistry({ backend: 'mine' })
    createRegistry({ backend: 'mine', addresses: ['198.18.0.3:2379'] })
    expect(given).toEqual([undefined, ['198.18.0.1:2379', '198.18.0.2:2379'], ['198.18.0.3:2379']])
  })

  test('a plug-in is given the options', () => {
    const given: unknown[] = []
    registerBackend('mine', (options) => {
      given.push(options)
      return fake('mine')
    })
    createRegistry({ backend: 'mine', timeout: 7, servers: ['a'] })
    expect(given).toEqual([{ backend: 'mine', timeout: 7, servers: ['a'] }])
    expect(() => registerBackend('', () => fake(''))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_NAME' }))
  })
})
