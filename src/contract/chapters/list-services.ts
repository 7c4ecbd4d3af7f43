// Owns what the contract says of listServices.
// Does not own getService (get-service.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode } from '../greeter.ts'

export const listServices = chapter('listServices', {
  'tells every version of every service, complete, in the order of their names': async (stage) => {
    const inputs = [greeter, withNode('b-2', { name: 'b', version: '2' }), withNode('b-1', { name: 'b', version: '1' })]
    const [whole, ...others] = await stage.until(
      Promise.all([...inputs.map((input) => stage.here.register(input)), stage.there.register(withNode('a-1'))]),
    )
    await stage.found(stage.there, 'greeter', { minNodes: 2 })
    const listed = await stage.until(stage.there.listServices({ minNodes: 4 }))
    assert.deepEqual(
      listed.map(({ name, version, nodes }) => [name, version, ...nodes.map(({ id }) => id)]),
      [
        ['b', '1', 'b-1'],
        ['b', '2', 'b-2'],
        ['greeter', '1.0.0', 'a-1', 'greeter-1'],
      ],
    )
    assert.deepEqual(listed[1], others[0])
    assert.deepEqual(listed[2]?.nodes[1], whole?.nodes[0])
    assert.deepEqual(listed[2]?.endpoints, greeter.endpoints)
  },

  'is an empty list after the timeout where there is nothing': async (stage) => {
    const before = stage.now()
    assert.deepEqual(await stage.until(stage.there.listServices({ timeout: 300 })), [])
    stage.passed(before, 300)
  },

  'a name is in it for as long as it has a node': async (stage) => {
    await stage.until(Promise.all(['g-1', 'g-2'].map((id) => stage.here.register(withNode(id)))))
    await stage.until(stage.there.listServices({ minNodes: 2 }))
    await stage.until(stage.here.deregister(withNode('g-1')))
    await stage.spread()
    const left = await stage.until(stage.there.listServices())
    assert.deepEqual(
      left.map(({ nodes }) => nodes.map(({ id }) => id)),
      [['g-2']],
    )
    await stage.until(stage.here.deregister(withNode('g-2')))
    await stage.spread()
    assert.deepEqual(await stage.until(stage.there.listServices({ timeout: 10 })), [])
  },
})
