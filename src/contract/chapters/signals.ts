// Owns what the contract says of calls that their caller gives up.
// Does not own the signal of a watch (watch-end.ts).
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter } from '../greeter.ts'
import type { Stage } from '../stage.ts'

async function gaveUp(stage: Stage, promise: Promise<unknown>, reason: unknown): Promise<void> {
  const outcome = await stage.until(
    promise.then(
      () => 'it resolved',
      (error: unknown) => error,
    ),
  )
  assert.equal(outcome, reason)
}

export const signals = chapter('signals', {
  'an aborted register rejects with the reason and leaves nothing behind': async (stage) => {
    await gaveUp(stage, stage.here.register(greeter, { signal: AbortSignal.abort('why') }), 'why')
    await stage.missing(stage.there, 'greeter', 1_500)
    await stage.until(stage.here.register(greeter))
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['greeter-1']])
  },

  'an aborted getService rejects with the reason, and so does listServices': async (stage) => {
    const controller = new AbortController()
    const { signal } = controller
    const asked = [stage.there.getService('nobody', { signal }), stage.there.listServices({ signal })]
    for (const each of asked) stage.later<unknown>(each)
    controller.abort('enough')
    for (const each of asked) await gaveUp(stage, each, 'enough')
    await gaveUp(stage, stage.there.getService('nobody', { signal }), 'enough')
  },
})
