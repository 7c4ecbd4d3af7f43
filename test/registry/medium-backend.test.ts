import { describe, expect, test } from 'vitest'
import { heardService, keepAlive, type Medium, mediumBackend, NodeTable, systemClock } from '../../src/backend.ts'
import { RegistryError } from '../../src/errors.ts'

function mediumOf(table: NodeTable): Medium {
  return {
    clock: systemClock,
    announce: (service) => {
      table.put(service)
      return {
        ready: Promise.resolve(),
        update: () => false,
        withdraw: async () => table.remove(service.name, 'goodbye'),
      }
    },
    view: () => ({ table, quiet: 0, pending: false, settled: true, release: () => {} }),
    verify: () => {},
    hold: () => keepAlive(),
    close: async () => {},
  }
}

describe('mediumBackend', () => {
  test('opens the medium when a verb needs it, once, with the options and a way to warn', async () => {
    const opened: unknown[] = []
    const backend = mediumBackend('mine', (options, warn) => {
      opened.push(options)
      warn(new RegistryError('ERR_LINK_FAILED', 'a word'))
      return mediumOf(new NodeTable())
    })
    const registry = backend({ backend: 'mine', servers: ['a'] })
    const warnings: string[] = []
    registry.on('warning', ({ message }) => warnings.push(message))
    expect(String(registry)).toBe('mine')
    expect(opened).toEqual([])
    await registry.register({ name: 'x', nodes: [{ id: 'x', address: ':1' }] })
    expect(await registry.listServices()).toMatchObject([{ name: 'x', version: 'latest' }])
    expect(opened).toEqual([{ backend: 'mine', servers: ['a'] }])
    expect(warnings).toEqual(['a word'])
    await registry.close()
  })

  test('makes up ids by the option random, and by chance without it', async () => {
    const backend = mediumBackend('mine', () => mediumOf(new NodeTable()))
    const input = { name: 'x', nodes: [{ address: ':1' }] }
    const [fixed, free] = [backend({ random: () => 0.5 }), backend({})]
    expect((await fixed.register(input)).nodes[0]?.id).toBe('x-80000000')
    expect((await free.register(input)).nodes[0]?.id).toMatch(/^x-[0-9a-f]{8}$/)
    await Promise.all([fixed.close(), free.close()])
  })
})

describe('heardService', () => {
  const node = { id: 'x-1', address: ':80' }

  test('fills in what is left out, and drops what is no part of a service', () => {
    expect(heardService({ name: 'x', nodes: [{ ...node, extra: 1 }], extra: 2 })).toEqual({
      name: 'x',
      version: 'latest',
      metadata: {},
      endpoints: [],
      nodes: [{ ...node, metadata: {} }],
    })
  })

  test.each([
    undefined,
    null,
    7,
    'x',
    [],
    {},
    { name: 'x' },
    { name: '', nodes: [node] },
    { name: 'x', nodes: [] },
    { name: 'x', nodes: [{ address: ':80' }] },
    { name: 'x', nodes: [node, { ...node, id: 'x-2' }] },
    { name: 'x', nodes: [{ ...node, address: 'nowhere' }] },
    { name: 'x', nodes: [node], metadata: { a: 1 } },
    { name: 'x', nodes: [node], endpoints: [{}] },
  ])('%j is nothing', (raw) => {
    expect(heardService(raw)).toBeUndefined()
  })
})
