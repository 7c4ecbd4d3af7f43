// Owns what the contract says of getService: what is found, and how long that takes.
// Does not own listServices (list-services.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode } from '../greeter.ts'

/** Milliseconds in which whoever knows an answer gives it, if nothing is sent a second time. */
const PROMPT = 500

/** What is frozen cannot be spoilt, and that is fine. */
function spoil(target: object | undefined, change: object): void {
  try {
    Object.assign(target ?? {}, change)
  } catch (error) {
    assert.ok(error instanceof TypeError)
  }
}

export const getService = chapter('getService', {
  'one service per version, nodes merged, in the order of their names': async (stage) => {
    await stage.until(
      Promise.all([
        ...['g-3', 'g-1'].map((id) => stage.here.register(withNode(id))),
        stage.there.register(withNode('g-2')),
        stage.there.register(withNode('g-9', { version: '0.9.0' })),
      ]),
    )
    const services = await stage.found(stage.there, 'greeter', { minNodes: 4 })
    assert.deepEqual(
      services.map(({ version, nodes }) => [version, ...nodes.map(({ id }) => id)]),
      [
        ['0.9.0', 'g-9'],
        ['1.0.0', 'g-1', 'g-2', 'g-3'],
      ],
    )
  },

  'a warm answer takes no time': async (stage) => {
    await stage.until(stage.here.register(greeter))
    await stage.found(stage.there, 'greeter')
    const before = stage.now()
    await stage.found(stage.there, 'greeter')
    stage.passed(before, 0)
  },

  'a cold answer does not sleep out the timeout': async (stage) => {
    await stage.until(stage.here.register(greeter))
    await stage.spread()
    const before = stage.now()
    await stage.found(stage.there, 'greeter', { timeout: 30_000 })
    stage.passedAt(stage.now(), before, 0, PROMPT)
  },

  'an unknown name is ERR_NOT_FOUND after the timeout': async (stage) => {
    const before = stage.now()
    await stage.missing(stage.there, 'nobody', 700)
    stage.passed(before, 700)
  },

  'a lookup that began before the service is answered by it': async (stage) => {
    const found = stage.later(stage.there.getService('greeter', { timeout: 20_000 }))
    await stage.spread()
    const registered = await stage.until(stage.here.register(greeter))
    assert.deepEqual(await stage.until(found), [registered])
  },

  'minNodes waits for as many, or for the timeout': async (stage) => {
    await stage.until(stage.here.register(withNode('g-1')))
    const both = stage.later(stage.there.getService('greeter', { minNodes: 2, timeout: 20_000 }))
    await stage.spread()
    await stage.until(stage.here.register(withNode('g-2')))
    const [service] = await stage.until(both)
    assert.deepEqual(
      service?.nodes.map(({ id }) => id),
      ['g-1', 'g-2'],
    )
    const before = stage.now()
    assert.deepEqual(await stage.ids(stage.there, 'greeter', { minNodes: 3, timeout: 500 }), [['g-1', 'g-2']])
    stage.passed(before, 500)
  },

  'init changes the timeout': async (stage) => {
    stage.there.init({ timeout: 50 })
    assert.equal(stage.there.options.timeout, 50)
    const before = stage.now()
    await stage.refused(stage.there.getService('nobody'), 'ERR_NOT_FOUND')
    stage.passed(before, 50)
    assert.deepEqual(await stage.until(stage.there.listServices()), [])
  },

  'a timeout is given with the options as well': async (stage) => {
    const registry = stage.registry({ timeout: 70 })
    const before = stage.now()
    await stage.refused(registry.getService('nobody'), 'ERR_NOT_FOUND')
    stage.passed(before, 70)
  },

  'nobody can change what others are told': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    const [service] = await stage.found(stage.there, 'greeter')
    spoil(service?.nodes[0], { address: 'x' })
    spoil(service?.nodes[0]?.metadata, { protocol: 'x' })
    spoil(service, { version: 'x' })
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [{ ...registered, ...greeter }])
  },

  'many who ask at the same time are all answered': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    const asking = Array.from({ length: 100 }, () => stage.there.getService('greeter'))
    for (const services of await stage.until(Promise.all(asking))) assert.deepEqual(services, [registered])
  },

  'verify does no harm to a node that is there, nor of a node that is not': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    await stage.found(stage.there, 'greeter')
    const told = stage.follow(stage.there.watch())
    for (const node of registered.nodes) stage.there.verify(node)
    stage.there.verify({ id: 'nobody', address: '198.18.0.99:1', metadata: {} })
    await told.stays('create greeter 1.0.0 greeter-1')
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [registered])
  },
})
