// Owns what go-micro's own tests of its registries say, with what this registry does differently.
// Does not own those of them that a chapter has by itself (ttl.ts, deregister.ts, register.ts, watch-end.ts).
import assert from 'node:assert/strict'
import type { ServiceInput } from '../../registry/types.ts'
import { chapter } from '../case.ts'
import { withNode } from '../greeter.ts'

/** As in its `mdns_test.go`, but for the addresses. */
const FOUR: readonly ServiceInput[] = ['198.18.0.1', '198.18.0.2', '198.18.0.3', '[::]'].map((host, at) => {
  const n = at + 1
  const nodes = [{ id: `test${n}-1`, address: `${host}:1000${n}`, metadata: { [`foo${n}`]: `bar${n}` } }]
  return { name: `test${n}`, version: `1.0.${n}`, nodes }
})
const FOUR_LINES = FOUR.map(({ name, version, nodes }) => `${name} ${version} ${nodes[0]?.id}`)

/** As in its `memory_test.go`, but for the addresses. */
const version = (name: string, version: string, ids: readonly string[]): ServiceInput => ({
  name,
  version,
  nodes: ids.map((id, n) => ({ id: `${name}-${version}-${id}`, address: `127.0.0.1:${9000 + n}` })),
})
const FOO = [
  version('foo', '1.0.0', ['123', '321']),
  version('foo', '1.0.1', ['321']),
  version('foo', '1.0.3', ['345']),
]
const BAR = [version('bar', 'default', ['123', '321']), version('bar', 'latest', ['321'])]

export const goMicro = chapter('go-micro', {
  'TestMDNS: four services are found, listed, and not found after deregister': async (stage) => {
    const registered = await stage.until(Promise.all(FOUR.map((service) => stage.here.register(service))))
    for (const { name, nodes } of registered) {
      const [found, ...more] = await stage.found(stage.there, name)
      assert.deepEqual(more, [])
      assert.deepEqual([found?.name, found?.version], [name, registered.find((each) => each.name === name)?.version])
      const [node] = nodes
      const told = found?.nodes.map(({ id, metadata }) => ({ id, metadata }))
      assert.deepEqual(told, [{ id: node?.id, metadata: node?.metadata }])
      if (!node?.address.startsWith('[::]')) assert.equal(found?.nodes[0]?.address, node?.address)
    }
    const listed = await stage.until(stage.there.listServices({ minNodes: 4 }))
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['test1', 'test2', 'test3', 'test4'],
    )
    await stage.until(Promise.all(FOUR.map((service) => stage.here.deregister(service))))
    await stage.spread()
    await Promise.all(FOUR.map(({ name }) => stage.missing(stage.there, name)))
  },

  'TestWatcher: every service is a create and then a delete of the same': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(Promise.all(FOUR.map((service) => stage.here.register(service))))
    const creates = FOUR_LINES.map((line) => `create ${line}`)
    await told.comprises(...creates)
    await stage.until(Promise.all(FOUR.map((service) => stage.here.deregister(service))))
    await told.comprises(...creates, ...FOUR_LINES.map((line) => `delete ${line}`))
    for (const { action, service } of told.results.slice(4)) {
      const created = told.results.find((result) => result.service.name === service.name)
      assert.deepEqual([action, service], ['delete', created?.service])
    }
  },

  'TestMemoryRegistry: versions grow with each register, and are not found when all have gone': async (stage) => {
    const others = stage.later(Promise.all(BAR.map((service) => stage.here.register(service))))
    for (const [n, service] of FOO.entries()) {
      await stage.until(stage.here.register(service))
      const found = await stage.found(stage.there, 'foo', { minNodes: n + 2 })
      assert.deepEqual(
        found.map(({ version }) => version),
        FOO.slice(0, n + 1).map(({ version }) => version),
      )
    }
    await stage.until(others)
    const listed = await stage.until(stage.there.listServices({ minNodes: 7 }))
    assert.equal(listed.length, 5)
    assert.equal(listed.flatMap(({ nodes }) => nodes).length, 7)
    await stage.until(Promise.all([...FOO, ...BAR].map((service) => stage.here.deregister(service))))
    await stage.spread()
    await Promise.all(['foo', 'bar'].map((name) => stage.missing(stage.there, name)))
    assert.deepEqual(await stage.until(stage.there.listServices({ timeout: 10 })), [])
  },

  'nats: what either of two registries has is seen from both': async (stage) => {
    await stage.until(
      Promise.all([
        stage.here.register(withNode('node-1', { name: 'one' })),
        stage.here.register(withNode('node-2', { name: 'two' })),
        stage.there.register(withNode('node-3', { name: 'two' })),
      ]),
    )
    for (const registry of [stage.here, stage.there]) {
      assert.deepEqual(await stage.ids(registry, 'one'), [['node-1']])
      assert.deepEqual(await stage.ids(registry, 'two', { minNodes: 2 }), [['node-2', 'node-3']])
      const listed = await stage.until(registry.listServices({ minNodes: 3 }))
      assert.equal(listed.flatMap(({ nodes }) => nodes).length, 3)
      await stage.missing(registry, 'three')
    }
  },

  'nats: version by version, two services become one and none': async (stage) => {
    const [first, second] = [withNode('n-1', { version: '1' }), withNode('n-2', { version: '2' })]
    await stage.until(Promise.all([first, second].map((service) => stage.here.register(service))))
    const versions = async () => (await stage.found(stage.there, 'greeter')).map(({ version }) => version)
    await stage.found(stage.there, 'greeter', { minNodes: 2 })
    assert.deepEqual(await versions(), ['1', '2'])
    await stage.until(stage.here.deregister(first))
    await stage.spread()
    assert.deepEqual(await versions(), ['2'])
    await stage.until(stage.here.deregister(second))
    await stage.spread()
    await stage.missing(stage.there, 'greeter')
  },

  'kubernetes: one version on two programs is one service, and stays while one of them does': async (stage) => {
    const [mine, theirs] = [withNode('pod-1'), withNode('pod-2')]
    await stage.until(Promise.all([stage.here.register(mine), stage.there.register(theirs)]))
    const told = stage.follow(stage.registry().watch({ service: 'greeter' }))
    await told.comprises('create greeter 1.0.0 pod-1', 'create greeter 1.0.0 pod-2')
    assert.deepEqual(await stage.ids(stage.here, 'greeter', { minNodes: 2 }), [['pod-1', 'pod-2']])
    await stage.until(stage.there.close())
    await told.reaches(3)
    assert.deepEqual(told.lines.slice(2), ['delete greeter 1.0.0 pod-2'])
    await stage.spread()
    assert.deepEqual(await stage.ids(stage.here, 'greeter'), [['pod-1']])
  },

  'kubernetes: two versions on two programs are two services': async (stage) => {
    const [mine, theirs] = [withNode('pod-1'), withNode('pod-2', { version: '2.0.0', metadata: { team: 'b' } })]
    const registered = await stage.until(Promise.all([stage.here.register(mine), stage.there.register(theirs)]))
    assert.deepEqual(await stage.found(stage.here, 'greeter', { minNodes: 2 }), registered)
    await stage.until(stage.here.deregister({ ...mine, nodes: [] }))
    await stage.spread()
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [registered[1]])
  },
})
