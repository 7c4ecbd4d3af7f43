// Owns what the contract says of deregister.
// Does not own registrations that end by themselves (ttl.ts) nor with the registry (close.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode, withNodes } from '../greeter.ts'

export const deregister = chapter('deregister', {
  'go-micro TestRemoveNodes: ends the given nodes only': async (stage) => {
    await stage.until(stage.here.register(withNodes(['a', 'b'])))
    await stage.found(stage.there, 'greeter', { minNodes: 2 })
    await stage.until(stage.here.deregister(withNode('a')))
    await stage.spread()
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['b']])
  },

  'without nodes ends all of this name and version': async (stage) => {
    const other = withNode('d', { name: 'other' })
    const inputs = [withNodes(['a', 'b']), withNode('c', { version: '2.0.0' }), other]
    await stage.until(Promise.all(inputs.map((input) => stage.here.register(input))))
    await stage.found(stage.there, 'greeter', { minNodes: 3 })
    await stage.until(stage.here.deregister({ ...greeter, nodes: [] }))
    await stage.spread()
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['c']])
    assert.deepEqual(await stage.ids(stage.there, 'other'), [['d']])
  },

  'right after register, without waiting, ends it': async (stage) => {
    const registered = stage.later(stage.here.register(greeter))
    await stage.until(stage.here.deregister(greeter))
    await stage.until(registered)
    await stage.spread()
    await stage.missing(stage.there, 'greeter', 500)
  },

  'of what is not there, or not ours, does nothing': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    await stage.until(stage.there.deregister(greeter))
    await stage.until(stage.here.deregister(withNode('other')))
    await stage.until(stage.here.deregister({ ...greeter, name: 'other' }))
    await stage.until(stage.registry().deregister({ ...greeter, nodes: [] }))
    await stage.spread()
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [registered])
  },

  'twice is as once, and the node may come back': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(stage.here.register(greeter))
    await told.is('create greeter 1.0.0 greeter-1')
    await stage.until(Promise.all([stage.here.deregister(greeter), stage.here.deregister(greeter)]))
    await told.is('create greeter 1.0.0 greeter-1', 'delete greeter 1.0.0 greeter-1')
    await stage.until(stage.here.register(greeter))
    await told.stays(
      'create greeter 1.0.0 greeter-1',
      'delete greeter 1.0.0 greeter-1',
      'create greeter 1.0.0 greeter-1',
    )
  },

  'go-micro TestRemove: a node is known by its id, whatever its address is said to be': async (stage) => {
    await stage.until(stage.here.register(greeter))
    await stage.found(stage.there, 'greeter')
    await stage.until(
      stage.here.deregister({ name: 'greeter', nodes: [{ id: 'greeter-1', address: '198.18.0.99:9' }] }),
    )
    await stage.spread()
    await stage.missing(stage.there, 'greeter')
  },

  'a node without an id is the one that got its id from us': async (stage) => {
    const input = { name: 'greeter', nodes: [{ address: '198.18.0.11:80' }] }
    await stage.until(stage.here.register(input))
    await stage.found(stage.there, 'greeter')
    await stage.until(stage.here.deregister(input))
    await stage.spread()
    await stage.missing(stage.there, 'greeter')
  },
})
