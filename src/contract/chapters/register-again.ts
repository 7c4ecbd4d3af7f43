// Owns what the contract says of a register with the id of a node that is registered: updates and renewals.
// Does not own renewals that are late (ttl.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode } from '../greeter.ts'

const NODE = 'greeter 1.0.0 greeter-1'
const moved = (address: string) => withNode('greeter-1', { nodes: [{ id: 'greeter-1', address }] })

export const registerAgain = chapter('register again', {
  'with changed data is an update in place': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.there.watch({ service: 'greeter' }))
    await told.is(`create ${NODE}`)
    const registered = await stage.until(stage.here.register({ ...greeter, metadata: { team: 'b' } }))
    await told.stays(`create ${NODE}`, `update ${NODE}`)
    assert.deepEqual(told.results.at(-1)?.service, registered)
    assert.deepEqual(registered.metadata, { team: 'b' })
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [registered])
  },

  'with changed data of the node, or other endpoints, is an update as well': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.there.watch())
    await told.is(`create ${NODE}`)
    const nodes = [{ id: 'greeter-1', address: '198.18.0.11:8080', metadata: { weight: '2' } }]
    await stage.until(stage.here.register({ ...greeter, nodes }))
    await told.is(`create ${NODE}`, `update ${NODE}`)
    assert.deepEqual(told.results.at(-1)?.service.nodes, nodes)
    const registered = await stage.until(stage.here.register({ ...greeter, nodes, endpoints: [] }))
    await told.is(`create ${NODE}`, `update ${NODE}`, `update ${NODE}`)
    assert.deepEqual(told.results.at(-1)?.service, registered)
    assert.deepEqual(registered.endpoints, [])
  },

  'with another port is an update in place': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.there.watch({ service: 'greeter' }))
    await told.is(`create ${NODE}`)
    await stage.until(stage.here.register(moved('198.18.0.11:1')))
    await told.stays(`create ${NODE}`, `update ${NODE}`)
    assert.equal(told.results.at(-1)?.service.nodes[0]?.address, '198.18.0.11:1')
  },

  'with another address ends with that address': async (stage) => {
    await stage.until(stage.here.register(greeter))
    await stage.found(stage.there, 'greeter')
    await stage.until(stage.here.register(moved('198.18.0.99:1')))
    await stage.spread()
    assert.equal((await stage.found(stage.there, 'greeter'))[0]?.nodes[0]?.address, '198.18.0.99:1')
  },

  'with the same data is no news': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.there.watch())
    await told.is(`create ${NODE}`)
    await stage.until(stage.here.register(greeter))
    await told.stays(`create ${NODE}`)
  },

  'under another version is a delete and a create': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.there.watch())
    await told.is(`create ${NODE}`)
    await stage.until(stage.here.register({ ...greeter, version: '2.0.0' }))
    await told.stays(`create ${NODE}`, `delete ${NODE}`, 'create greeter 2.0.0 greeter-1')
  },

  'under another name leaves nothing under the old one': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.there.watch({ service: 'greeter' }))
    await told.is(`create ${NODE}`)
    await stage.until(stage.here.register({ ...greeter, name: 'waver' }))
    await told.stays(`create ${NODE}`, `delete ${NODE}`)
    assert.deepEqual(await stage.ids(stage.there, 'waver'), [['greeter-1']])
    await stage.missing(stage.there, 'greeter')
  },

  'without an id renews the node that got one before': async (stage) => {
    const input = { name: 'greeter', nodes: [{ address: ':8080' }] }
    const first = await stage.until(stage.here.register(input))
    assert.match(first.nodes[0]?.id ?? '', /^greeter-[0-9a-f]{8}$/)
    assert.deepEqual(await stage.until(stage.here.register(input)), first)
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [first.nodes.map(({ id }) => id)])
  },

  'with a node more adds it and leaves the others alone': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(stage.here.register(withNode('g-1')))
    await told.is('create greeter 1.0.0 g-1')
    await stage.until(stage.here.register(withNode('g-2')))
    await told.stays('create greeter 1.0.0 g-1', 'create greeter 1.0.0 g-2')
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['g-1', 'g-2']])
  },
})
