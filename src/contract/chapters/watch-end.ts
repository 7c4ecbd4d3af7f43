// Owns what the contract says of how a watch ends: by stop, by leaving its loop, by a signal.
// Does not own how it ends with its registry (close.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode } from '../greeter.ts'
import type { Stage } from '../stage.ts'

async function firstName(stage: Stage, results: AsyncIterable<{ service: { name: string } }>): Promise<string> {
  const loop = (async () => {
    for await (const { service } of results) return service.name
    return 'over'
  })()
  return stage.until(loop)
}

export const watchEnd = chapter('the end of a watch', {
  'a loop that is left ends the watch': async (stage) => {
    await stage.until(stage.here.register(greeter))
    const watcher = stage.there.watch()
    let stops = 0
    watcher.on('stop', () => {
      stops += 1
    })
    assert.equal(await firstName(stage, watcher), 'greeter')
    await stage.refused(watcher.next(), 'ERR_CLOSED')
    watcher.stop()
    await stage.spread()
    assert.equal(stops, 1)
  },

  'stop ends a wait, and a loop': async (stage) => {
    const [waited, looped] = [stage.there.watch(), stage.there.watch()]
    const next = stage.later(waited.next())
    const loop = stage.later(firstName(stage, looped))
    for (const watcher of [waited, looped]) watcher.stop()
    await stage.refused(next, 'ERR_CLOSED')
    assert.equal(await loop, 'over')
  },

  'nothing is told after stop': async (stage) => {
    const [stopped, going] = [stage.there.watch(), stage.there.watch()]
    const [before, after] = [stage.follow(stopped), stage.follow(going)]
    await stage.until(stage.here.register(withNode('g-1')))
    await before.is('create greeter 1.0.0 g-1')
    await after.is('create greeter 1.0.0 g-1')
    stopped.stop()
    await stage.until(stage.here.register(withNode('g-2')))
    await after.is('create greeter 1.0.0 g-1', 'create greeter 1.0.0 g-2')
    assert.deepEqual(before.lines, ['create greeter 1.0.0 g-1'])
    await stage.refused(stopped.next(), 'ERR_CLOSED')
  },

  'an aborted signal ends the watch, and one that was aborted before lets none begin': async (stage) => {
    const controller = new AbortController()
    const loop = stage.later(firstName(stage, stage.there.watch({ signal: controller.signal })))
    controller.abort()
    assert.equal(await loop, 'over')
    await stage.refused(stage.there.watch({ signal: controller.signal }).next(), 'ERR_CLOSED')
  },

  'await using stops it': async (stage) => {
    const watcher = stage.there.watch()
    await stage.until(watcher[Symbol.asyncDispose]())
    await stage.refused(watcher.next(), 'ERR_CLOSED')
  },
})
