// Selections that follow what the registry hears, by the virtual clock, in memory and on the simulated LAN.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { byLabel, byVersion, type Node, type ServiceInput } from '../../src/index.ts'
import { code, SelectorRig, withNodes } from './selector-rig.ts'

let rig: SelectorRig

afterEach(() => rig.close())

describe.each(['memory', 'mdns'] as const)('on %s', (backend) => {
  beforeEach(() => {
    rig = new SelectorRig(backend)
  })

  test.each(['random', 'roundRobin', 'leastRecentlyFailed'] as const)(
    'TestRegistrySelector, TestStrategies: %s picks among two nodes of two versions, a hundred times',
    async (strategy) => {
      await rig.register(withNodes('1.0.0', 'a', 'b'), withNodes('1.1.0', 'c', 'd'))
      const selection = await rig.until(rig.selector.select('foo', { strategy }))
      expect(selection.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
      const picked = Array.from({ length: 100 }, () => selection.next().id)
      expect([...new Set(picked)].sort()).toEqual(['a', 'b', 'c', 'd'])
    },
  )

  test('nodes join, change and leave without a call', async () => {
    await rig.register(withNodes('1.0.0', 'a'))
    const selection = await rig.until(rig.selector.select('foo'))
    await rig.register(withNodes('2.0.0', 'b'))
    await rig.run(1_500)
    expect(selection.nodes.map(({ id }) => id)).toEqual(['a', 'b'])
    const [node] = withNodes('1.0.0', 'a').nodes
    await rig.register({ ...withNodes('1.0.0'), nodes: [{ ...node, address: '198.18.0.12:81', id: 'a' }] })
    await rig.run(3_000)
    expect(selection.nodes[0]?.address).toBe('198.18.0.12:81')
    await rig.deregister(withNodes('1.0.0', 'a'))
    await rig.run(3_000)
    expect(selection.nodes.map(({ id }) => id)).toEqual(['b'])
    await rig.deregister(withNodes('2.0.0', 'b'))
    await rig.run(3_000)
    expect(() => selection.next()).toThrow(code('ERR_NONE_AVAILABLE'))
    await rig.register(withNodes('3.0.0', 'c'))
    await rig.run(3_000)
    expect(selection.next().id).toBe('c')
  })

  test('a service that nobody has is ERR_NOT_FOUND, in time, and is not watched for', async () => {
    const began = rig.now
    await expect(rig.until(rig.selector.select('foo', { timeout: 700 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    expect([rig.now - began, rig.selector.watched]).toEqual([700, []])
  })

  test('a select waits for a node that comes within the timeout', async () => {
    const selected = rig.selector.select('foo', { timeout: 10_000 })
    await rig.run(2_000)
    await rig.register(withNodes('1.0.0', 'late'))
    expect((await rig.until(selected)).next().id).toBe('late')
    expect(rig.now).toBeLessThan(5_000)
  })

  test('what is known already is selected from at once, also after a pause', async () => {
    await rig.register(withNodes('1.0.0', 'a'))
    const first = await rig.until(rig.selector.select('foo'))
    const began = rig.now
    expect((await rig.selector.select('foo')).next().id).toBe('a')
    expect(rig.now).toBe(began)
    await rig.run(100_000)
    expect(rig.selector.watched).toEqual([])
    expect(first.next().id).toBe('a')
    expect(rig.selector.watched).toEqual(['foo'])
  })

  test('a node that left during a pause is picked once at most', async () => {
    await rig.register(withNodes('1.0.0', 'a', 'b'))
    const selection = await rig.until(rig.selector.select('foo', { strategy: 'roundRobin' }))
    await rig.run(100_000)
    await rig.deregister(withNodes('1.0.0', 'a'))
    await rig.run(3_000)
    selection.next()
    await rig.run(1_500)
    expect(selection.nodes.map(({ id }) => id)).toEqual(['b'])
  })

  test('the end of the registry and of the selector ends its selections and watches', async () => {
    await rig.register(withNodes('1.0.0', 'a'))
    const selection = await rig.until(rig.selector.select('foo'))
    rig.selector.close()
    rig.selector.close()
    expect(() => selection.next()).toThrow(code('ERR_CLOSED'))
    expect(rig.selector.watched).toEqual([])
    await expect(rig.selector.select('foo')).rejects.toThrow(code('ERR_CLOSED'))
    const other = rig.another()
    const kept = await rig.until(other.select('foo'))
    await rig.until(rig.registry.close())
    expect(() => kept.next()).toThrow(code('ERR_CLOSED'))
    expect(other.watched).toEqual([])
    kept.mark(rig.node('a'), new Error('refused'))
    await expect(other.select('foo')).rejects.toThrow(code('ERR_CLOSED'))
  })
})

describe('filters and strategies', () => {
  const zones: ServiceInput = {
    ...withNodes('1.0.0'),
    nodes: ['a', 'b'].map((id) => ({ id, address: ':80', metadata: { zone: id } })),
  }

  beforeEach(async () => {
    rig = new SelectorRig('memory')
    await rig.register(zones, withNodes('1.1.0', 'c', 'd'))
  })

  test('of selector and selection are applied one after the other; custom ones see whole services', async () => {
    const selector = rig.another({ filters: [byVersion('1.0.0')] })
    const odd = await rig.until(selector.select('foo', { filters: [byLabel('zone', 'b')] }))
    expect(odd.nodes.map(({ id }) => id)).toEqual(['b'])
    const seen: unknown[] = []
    const own = await selector.select('foo', {
      filters: [
        (services) => {
          seen.push(services.map(({ version, nodes }) => [version, nodes.length]))
          return services
        },
      ],
    })
    for (let i = 0; i < 10; i++) own.next()
    expect(seen).toEqual([[['1.0.0', 2]]])
  })

  test('filters that leave none are ERR_NONE_AVAILABLE', async () => {
    const selected = rig.selector.select('foo', { filters: [byVersion('9')] })
    await expect(rig.until(selected)).rejects.toThrow(code('ERR_NONE_AVAILABLE'))
  })

  test('a function is given the candidates in order, and its choice is returned', async () => {
    const selection = await rig.until(rig.selector.select('foo', { strategy: (candidates) => candidates.at(-1) }))
    expect(selection.next().id).toBe('d')
    const none = await rig.selector.select('foo', { strategy: () => undefined })
    expect(() => none.next()).toThrow(code('ERR_NONE_AVAILABLE'))
  })

  test('one that is none is refused', async () => {
    expect(() => rig.another({ strategy: 'fastest' as 'random' })).toThrow(code('ERR_INVALID_STRATEGY'))
    const selected = rig.selector.select('foo', { strategy: 'fastest' as 'random' })
    await expect(selected).rejects.toThrow(code('ERR_INVALID_STRATEGY'))
    expect(rig.selector.watched).toEqual([])
  })
})

describe('mark', () => {
  beforeEach(async () => {
    rig = new SelectorRig('memory')
    await rig.register(withNodes('1.0.0', 'a', 'b'))
  })

  const pick = async () => rig.until(rig.selector.select('foo', { strategy: 'leastRecentlyFailed' }))
  const shares = (next: () => Node) => {
    const picks = Array.from({ length: 10 }, () => next().id)
    return ['a', 'b'].map((id) => picks.filter((picked) => picked === id).length)
  }

  test('with an error has the registry verify the node, and all selections of the service avoid it', async () => {
    const [one, other] = [await pick(), await pick()]
    one.mark(rig.node('a'), new Error('refused'))
    expect(rig.verified).toEqual(['a'])
    expect(shares(() => other.next())).toEqual([0, 10])
    expect(shares(() => one.next())).toEqual([0, 10])
  })

  test('without an error, or after a while, or by reset, it is as good as any', async () => {
    const selection = await pick()
    const forgiving = [() => selection.mark(rig.node('a')), () => rig.run(60_000), () => selection.reset()]
    for (const forgive of forgiving) {
      for (let i = 0; i < 3; i++) selection.next()
      selection.mark(rig.node('a'), new Error('refused'))
      selection.reset()
      selection.mark(rig.node('a'), new Error('refused'))
      expect(shares(() => selection.next())).toEqual([0, 10])
      await forgive()
      expect(shares(() => selection.next())[0]).toBeGreaterThan(4)
    }
  })

  test('a selection that is closed throws ERR_CLOSED and marks nothing; others go on', async () => {
    const [one, other] = [await pick(), await pick()]
    one.close()
    one.close()
    one.mark(rig.node('a'), new Error('refused'))
    expect(() => one.next()).toThrow(code('ERR_CLOSED'))
    expect(() => one.nodes).toThrow(code('ERR_CLOSED'))
    expect([rig.verified, shares(() => other.next())]).toEqual([[], [5, 5]])
  })
})
