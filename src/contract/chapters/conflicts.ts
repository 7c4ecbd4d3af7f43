// Owns what the contract says of ids that are taken, and of what stands in for it where that goes unnoticed.
// Does not own two nodes of one id in the same call (refusals.ts).
import assert from 'node:assert/strict'
import type { ServiceInput } from '../../registry/types.ts'
import { chapter } from '../case.ts'
import { greeter, withNode, withNodes } from '../greeter.ts'
import { coded } from '../refusal.ts'
import type { Stage } from '../stage.ts'

/** A register whose id another program has: refused, or let pass unnoticed by a medium that may. */
async function contend(stage: Stage, input: ServiceInput): Promise<void> {
  const registering = stage.there.register(input)
  if (!stage.lacks('conflicts')) return stage.refused(registering, 'ERR_NAME_CONFLICT')
  await stage.until(registering).catch(coded('ERR_NAME_CONFLICT'))
}

function sequence(...values: number[]): () => number {
  return () => values.shift() ?? 0
}

export const conflicts = chapter('conflicts', {
  'an id that another program has is refused, and that program is not disturbed': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    const told = stage.follow(stage.here.watch())
    await contend(stage, withNode('greeter-1'))
    await stage.spread()
    if (stage.lacks('conflicts')) {
      assert.deepEqual(await stage.ids(stage.here, 'greeter'), [['greeter-1']])
      return
    }
    await told.stays('create greeter 1.0.0 greeter-1')
    assert.deepEqual(await stage.found(stage.here, 'greeter'), [registered])
  },

  'ids are equal without regard to ASCII case, or else they are two': async (stage) => {
    await stage.until(stage.here.register(greeter))
    if (stage.lacks('case-blind-ids')) {
      await stage.until(stage.there.register(withNode('GREETER-1')))
      assert.deepEqual(await stage.ids(stage.here, 'greeter', { minNodes: 2 }), [['GREETER-1', 'greeter-1']])
      return
    }
    await contend(stage, withNode('GREETER-1'))
    await stage.spread()
    assert.equal((await stage.ids(stage.here, 'greeter')).flat().length, 1)
  },

  'an id is free again once its node was deregistered': async (stage) => {
    await stage.until(stage.here.register(greeter))
    await stage.until(stage.here.deregister(greeter))
    await stage.spread()
    const registered = await stage.until(stage.there.register(withNode('greeter-1')))
    await stage.spread()
    assert.deepEqual(await stage.found(stage.here, 'greeter'), [registered])
  },

  'a made-up id that is taken is made up anew': async (stage) => {
    const twin = (port: number) => ({ nodes: [{ address: `198.18.0.11:${port}` }], name: 'twin' })
    const first = await stage.until(stage.registry({ random: () => 0.5 }).register(twin(1)))
    const second = await stage.until(stage.registry({ random: sequence(0.5, 0.25) }).register(twin(2)))
    assert.equal(first.nodes[0]?.id, 'twin-80000000')
    const made = second.nodes[0]?.id ?? ''
    if (stage.lacks('conflicts')) assert.match(made, /^twin-[84]0000000$/)
    else assert.equal(made, 'twin-40000000')
  },

  'a register of several nodes that fails undoes what it began and changes nothing else': async (stage) => {
    await stage.until(Promise.all([stage.here.register(withNode('taken')), stage.there.register(withNode('mine'))]))
    const [before] = await stage.found(stage.here, 'greeter', { minNodes: 2 })
    await contend(stage, withNodes(['new', 'taken', 'mine'], { metadata: { team: 'b' } }))
    await stage.spread()
    const [after] = await stage.found(stage.here, 'greeter')
    if (stage.lacks('conflicts')) assert.ok(after?.nodes.some(({ id }) => id === 'mine'))
    else assert.deepEqual(after, before)
  },
})
