// Owns what the contract says of close.
// Does not own the end of a process without it, which is not a backend's alone.
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode } from '../greeter.ts'
import { coded } from '../refusal.ts'

const CREATED = 'create greeter 1.0.0 greeter-1'
const DELETED = 'delete greeter 1.0.0 greeter-1'

export const close = chapter('close', {
  'says goodbye to everything that is registered, and to nothing of others': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(Promise.all([stage.here.register(greeter), stage.there.register(withNode('theirs'))]))
    await told.comprises(CREATED, 'create greeter 1.0.0 theirs')
    await stage.until(Promise.all([stage.here.close(), stage.here.close()]))
    await told.reaches(3)
    await stage.spread()
    assert.deepEqual(told.lines.slice(2), [DELETED])
    assert.equal(told.results[2]?.reason, 'goodbye')
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['theirs']])
  },

  'ends whatever is waiting': async (stage) => {
    const waiting = stage.later(stage.here.getService('nobody', { timeout: 60_000 }))
    const watching = stage.later(stage.here.watch({ service: 'nobody' }).next())
    await stage.spread()
    await stage.until(stage.here.close())
    await stage.refused(waiting, 'ERR_CLOSED')
    await stage.refused(watching, 'ERR_CLOSED')
  },

  'every verb is refused from then on': async (stage) => {
    const { here } = stage
    await stage.until(here.register(greeter))
    await stage.until(here.close())
    await stage.refused(here.register(greeter), 'ERR_CLOSED')
    await stage.refused(here.deregister(greeter), 'ERR_CLOSED')
    await stage.refused(here.getService('greeter'), 'ERR_CLOSED')
    await stage.refused(here.listServices(), 'ERR_CLOSED')
    assert.throws(() => here.watch(), coded('ERR_CLOSED'))
    assert.throws(() => here.verify({ id: 'greeter-1', address: ':1', metadata: {} }), coded('ERR_CLOSED'))
    assert.throws(() => here.init({}), coded('ERR_CLOSED'))
    await stage.until(here.close())
  },

  'a register that is under way rejects with ERR_CLOSED and leaves nothing behind': async (stage) => {
    const registering = stage.later(stage.here.register(greeter))
    await stage.until(stage.here.close())
    await stage.refused(registering, 'ERR_CLOSED')
    await stage.missing(stage.there, 'greeter', 1_500)
  },

  'await using closes': async (stage) => {
    const registry = stage.registry()
    await stage.until(registry.register(greeter))
    await stage.until(registry[Symbol.asyncDispose]())
    await stage.spread()
    await stage.missing(stage.there, 'greeter')
    await stage.refused(registry.listServices(), 'ERR_CLOSED')
  },

  'a registry that was never used closes at once': async (stage) => {
    const registry = stage.registry()
    assert.notEqual(String(registry), '')
    assert.notEqual(String(registry), '[object Object]')
    await stage.until(registry.close())
  },
})
