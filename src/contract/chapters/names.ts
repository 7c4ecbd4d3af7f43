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
    const addresses = ['db.example.com:5432', 'localhost:5432']
    const inputs = addresses.map((address, n) => withNode(`g-${n + 1}`, { nodes: [{ id: `g-${n + 1}`, address }] }))
    if (stage.lacks('host-names')) {
      for (const input of inputs) await stage.refused(stage.here.register(input), 'ERR_INVALID_ADDRESS')
      await stage.missing(stage.there, 'greeter')
      return
    }
    await stage.until(Promise.all(inputs.map((input) => stage.here.register(input))))
    const [service] = await stage.found(stage.there, 'greeter', { minNodes: 2 })
    assert.deepEqual(
      service?.nodes.map(({ address }) => address),
      addresses,
    )
  },
})
