// Owns what the contract says of names, and of what stands in for those that a medium cannot carry.
// Does not own names that no medium takes (refusals.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { withNode } from '../greeter.ts'

export const names = chapter('names', {
  'a name with dots is one name, and no part of it is another': async (stage) => {
    const name = 'com.example.greeter-v1_2'
    await stage.until(stage.here.register(withNode('node.1', { name })))
    assert.deepEqual(await stage.ids(stage.there, name), [['node.1']])
    for (const part of ['greeter-v1_2', 'com', 'com.example']) await stage.missing(stage.there, part)
  },

  'names with spaces and letters beyond ASCII are found, or refused where the medium has none': async (stage) => {
    const name = 'com.example.Größe v1.2 (lab)'
    if (stage.lacks('free-names')) {
      await stage.refused(stage.here.register(withNode('node-1', { name })), 'ERR_INVALID_NAME')
      await stage.refused(stage.here.register(withNode('größe 1')), 'ERR_INVALID_NAME')
      await stage.refused(stage.there.getService(name, { timeout: 10 }), 'ERR_INVALID_NAME', 'ERR_NOT_FOUND')
      await stage.missing(stage.there, 'greeter')
      return
    }
    await stage.until(stage.here.register(withNode('größe.1', { name })))
    assert.deepEqual(await stage.ids(stage.there, name), [['größe.1']])
    await stage.missing(stage.there, 'Größe v1.2 (lab)')
  },

  'host names are told as given, or refused where the medium has none': async (stage) => {
    const named = withNode('g-1', { nodes: [{ id: 'g-1', address: 'db.example.com:5432' }] })
    if (stage.lacks('host-names')) {
      await stage.refused(stage.here.register(named), 'ERR_INVALID_ADDRESS')
      await stage.missing(stage.there, 'greeter')
      return
    }
    await stage.until(stage.here.register(named))
    const [service] = await stage.found(stage.there, 'greeter')
    assert.equal(service?.nodes[0]?.address, 'db.example.com:5432')
  },

  'localhost is told as it is or as the address that it has': async (stage) => {
    await stage.until(stage.here.register(withNode('g-1', { nodes: [{ id: 'g-1', address: 'localhost:5432' }] })))
    const [service] = await stage.found(stage.there, 'greeter')
    const known = stage.lacks('host-names') ? ['127.0.0.1:5432', '[::1]:5432'] : ['localhost:5432']
    const address = service?.nodes[0]?.address ?? 'no address'
    assert.ok(known.includes(address), `${address} is not ${known.join(' or ')}`)
  },
})
