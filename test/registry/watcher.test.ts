import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOTHING } from '../../src/dnssd/stream.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import type { View } from '../../src/registry/medium.ts'
import { NodeTable } from '../../src/registry/node-table.ts'
import type { Action, Result, Service } from '../../src/registry/types.ts'
import { coalesceResults, ViewWatcher } from '../../src/registry/watcher.ts'

function node(id: number, version = '1', note = ''): Service {
  const nodes = [{ id: `n${id}`, address: '198.18.0.1:1', metadata: { note } }]
  return { name: 'greeter', version, metadata: {}, endpoints: [], nodes }
}

function viewOf(table: NodeTable): View {
  return { table, quiet: 0, pending: false, settled: true, release: () => {} }
}

const result = (action: Action, note = ''): Result => ({ action, service: node(1, '1', note) })

describe('two results of one node that were not read', () => {
  test.each([
    ['create', 'update', 'create'],
    ['update', 'update', 'update'],
    ['update', 'delete', 'delete'],
    ['delete', 'create', 'update'],
  ] as const)('%s and %s are %s, with the newer node', (first, second, both) => {
    expect(coalesceResults(result(first, 'old'), result(second, 'new'))).toMatchObject(result(both, 'new'))
  })

  test('create and delete are nothing', () => {
    expect(coalesceResults(result('create'), result('delete'))).toBe(NOTHING)
  })

  test('of another node, or another version, they have nothing to do with each other', () => {
    expect(coalesceResults(result('create'), { action: 'delete', service: node(2) })).toBeUndefined()
    expect(coalesceResults(result('create'), { action: 'delete', service: node(1, '2') })).toBeUndefined()
  })

  test('a create stays initial', () => {
    expect(coalesceResults({ ...result('create'), initial: true }, result('update', 'new'))).toMatchObject({
      action: 'create',
      initial: true,
    })
  })
})

describe('a reader that is slower than the link', () => {
  const change = fc.oneof(
    fc.record({
      kind: fc.constant('put' as const),
      id: fc.nat(400),
      version: fc.constantFrom('1', '2'),
      note: fc.string(),
    }),
    fc.record({ kind: fc.constant('remove' as const), id: fc.nat(400) }),
  )

  test('ends with what the table holds, in a queue that is bounded, and never hears nonsense', async () => {
    const property = fc.asyncProperty(fc.array(change, { minLength: 2_000, maxLength: 3_000 }), async (changes) => {
      const table = new NodeTable()
      const watcher = new ViewWatcher(viewOf(table), {})
      for (const each of changes) {
        if (each.kind === 'put') table.put(node(each.id, each.version, each.note))
        else table.remove(`n${each.id}`, 'goodbye')
      }
      table.put(node(9_999, 'last'))
      const known = new Map<string, Service>()
      let count = 0
      for (let over = false; !over; count++) {
        const { action, service } = await watcher.next()
        const key = `${service.nodes[0]?.id} ${service.version}`
        expect(known.has(key)).toBe(action !== 'create')
        if (action === 'delete') known.delete(key)
        else known.set(key, service)
        over = service.version === 'last'
      }
      expect([...known.values()].map((service) => service.nodes[0]?.id).sort()).toEqual(
        table
          .nodesOf(undefined)
          .map((service) => service.nodes[0]?.id)
          .sort(),
      )
      expect(new Set(known.values())).toEqual(new Set(table.nodesOf(undefined)))
      expect(count).toBeLessThan(LIMITS.queue + 2 * 401)
    })
    await fc.assert(property, { numRuns: 5, endOnFailure: true })
  })
})

describe('delivery by events', () => {
  test('whoever listens right after watch() hears the snapshot first, then the changes, in order', async () => {
    const table = new NodeTable()
    table.put(node(1))
    const watcher = new ViewWatcher(viewOf(table), {})
    table.put(node(2))
    const heard: unknown[] = []
    const listener = ({ service, initial }: Result) => heard.push([service.nodes[0]?.id, initial])
    watcher.on('result', listener)
    await Promise.resolve()
    expect(heard).toEqual([
      ['n1', true],
      ['n2', undefined],
    ])
    watcher.off('result', listener)
    table.put(node(3))
    await Promise.resolve()
    expect(heard).toHaveLength(2)
  })

  test('await using stops it, and the view is released once', async () => {
    let released = 0
    const table = new NodeTable()
    const controller = new AbortController()
    await (async () => {
      const view = { ...viewOf(table), release: () => void released++ }
      await using watcher = new ViewWatcher(view, { signal: controller.signal })
      watcher.stop()
    })()
    controller.abort()
    table.put(node(1))
    expect(released).toBe(1)
  })
})
