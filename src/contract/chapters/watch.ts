// Owns what the contract says of what a watch tells: the snapshot, what comes and goes, and to a slow reader.
// Does not own how a watch ends (watch-end.ts), nor updates (register-again.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode, withNodes } from '../greeter.ts'
import { line } from '../told.ts'

export const watch = chapter('watch', {
  'tells a create and then a delete, each with the whole node': async (stage) => {
    const watcher = stage.there.watch()
    const registered = await stage.until(stage.here.register(greeter))
    const created = await stage.until(watcher.next())
    assert.deepEqual([created.action, created.service, created.reason], ['create', registered, undefined])
    await stage.until(stage.here.deregister(greeter))
    const deleted = await stage.until(watcher.next())
    assert.deepEqual([deleted.action, deleted.service, deleted.reason], ['delete', registered, 'goodbye'])
  },

  'begins with what is known, marked as initial': async (stage) => {
    await stage.until(stage.here.register(withNodes(['g-1', 'g-2'])))
    await stage.found(stage.there, 'greeter', { minNodes: 2 })
    const watcher = stage.there.watch({ service: 'greeter' })
    const first = [await stage.until(watcher.next()), await stage.until(watcher.next())]
    assert.deepEqual(
      first.map(({ initial }) => initial),
      [true, true],
    )
    assert.deepEqual(first.map(line).sort(), ['create greeter 1.0.0 g-1', 'create greeter 1.0.0 g-2'])
    await stage.until(stage.here.register(withNode('g-3')))
    const third = await stage.until(watcher.next())
    assert.equal(line(third), 'create greeter 1.0.0 g-3')
    assert.ok(!third.initial)
  },

  'that begins late is told of what is there, not of what has gone': async (stage) => {
    await stage.until(stage.here.register(withNodes(['g-1', 'g-2'])))
    await stage.found(stage.there, 'greeter', { minNodes: 2 })
    await stage.until(stage.here.deregister(withNode('g-1')))
    await stage.spread()
    await stage.follow(stage.there.watch()).stays('create greeter 1.0.0 g-2')
  },

  'of one service hears nothing of others': async (stage) => {
    const told = stage.follow(stage.there.watch({ service: 'greeter' }))
    await stage.until(
      Promise.all([
        stage.here.register(withNode('other-1', { name: 'other' })),
        stage.here.register(withNode('g-1', { name: 'greeter.v2' })),
        stage.here.register(greeter),
      ]),
    )
    await told.stays('create greeter 1.0.0 greeter-1')
  },

  'of all services hears of every one': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(
      Promise.all([stage.here.register(greeter), stage.here.register(withNode('other-1', { name: 'other' }))]),
    )
    await told.comprises('create greeter 1.0.0 greeter-1', 'create other 1.0.0 other-1')
  },

  'hears of the nodes of its own registry as well': async (stage) => {
    const told = stage.follow(stage.here.watch())
    await stage.until(stage.here.register(greeter))
    await told.is('create greeter 1.0.0 greeter-1')
    await stage.until(stage.here.deregister(greeter))
    await told.stays('create greeter 1.0.0 greeter-1', 'delete greeter 1.0.0 greeter-1')
  },

  'tells each change by itself, with the node that changed and no other': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(stage.here.register(withNodes(['g-1', 'g-2'])))
    await told.comprises('create greeter 1.0.0 g-1', 'create greeter 1.0.0 g-2')
    await stage.until(stage.here.deregister(withNode('g-2')))
    await told.reaches(3)
    assert.deepEqual(told.lines.slice(2), ['delete greeter 1.0.0 g-2'])
  },

  'takes nothing from another watch': async (stage) => {
    const watchers = [stage.there.watch(), stage.there.watch(), stage.there.watch({ service: 'greeter' })]
    const told = watchers.map((watcher) => stage.follow(watcher))
    await stage.until(stage.here.register(greeter))
    for (const each of told) await each.is('create greeter 1.0.0 greeter-1')
    watchers[0]?.stop()
    await stage.until(stage.here.deregister(greeter))
    await told[1]?.is('create greeter 1.0.0 greeter-1', 'delete greeter 1.0.0 greeter-1')
    await told[2]?.is('create greeter 1.0.0 greeter-1', 'delete greeter 1.0.0 greeter-1')
  },

  'a slow reader is told the outcome, and every delete of what it knows': async (stage) => {
    const watcher = stage.there.watch()
    await stage.until(stage.here.register(greeter))
    await stage.until(watcher.next())
    for (let i = 0; i < 30; i++) await stage.until(stage.here.register({ ...greeter, metadata: { i: String(i) } }))
    await stage.until(stage.here.deregister(greeter))
    await stage.spread()
    const actions: string[] = []
    while (actions.at(-1) !== 'delete') actions.push((await stage.until(watcher.next())).action)
    assert.ok(
      actions.slice(0, -1).every((action) => action === 'update'),
      actions.join(' '),
    )
  },

  'a reader that comes back after a while has missed no node': async (stage) => {
    const watcher = stage.there.watch()
    const nodes = Array.from({ length: 20 }, (_, n) => `g-${n}`)
    await stage.until(stage.here.register(withNodes(nodes)))
    await stage.spread()
    await stage.until(stage.here.deregister(withNodes(nodes.slice(0, 10))))
    await stage.spread()
    const alive = new Set<string>()
    for (let steps = 0; steps < 30 && (alive.size !== 10 || steps < 20); steps++) {
      const { action, service } = await stage.until(watcher.next())
      for (const { id } of service.nodes) action === 'delete' ? alive.delete(id) : alive.add(id)
    }
    assert.deepEqual([...alive].sort(), nodes.slice(10).sort())
  },
})
