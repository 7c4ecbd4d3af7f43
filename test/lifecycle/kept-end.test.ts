// The end of a registration that is kept, at whatever moment it comes.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepRegistered } from '../../src/keep-registered.ts'
import { memoryBackend } from '../../src/registry/memory.ts'
import { World } from '../../src/sim/world.ts'
import { CountingClock } from './counting-clock.ts'
import { greeter, KeptRig } from './kept-rig.ts'

const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })

let rig: KeptRig

beforeEach(() => {
  rig = new KeptRig('mdns')
})
afterEach(() => rig.close())

describe('it deregisters', () => {
  test('on stop while it is still probing, and nothing is left', async () => {
    const kept = rig.keep()
    await rig.run(100)
    await rig.until(kept.stop())
    await expect(kept.ready).rejects.toThrow(code('ERR_CLOSED'))
    await rig.run(5_000)
    expect(await rig.seen()).toEqual([])
    expect(rig.story).toEqual([])
  })

  test('on stop during a renewal that hangs', async () => {
    const kept = rig.keep(greeter, { interval: 1_000 })
    await rig.until(kept.ready)
    rig.failures.push('hang')
    await rig.run(3_000)
    expect(kept.state).toBe('registered')
    await rig.until(kept.stop())
    await rig.run(2_000)
    expect(await rig.seen()).toEqual([])
    expect(rig.story.at(-1)).toMatch(/deregistered stopped$/)
  })

  test('when its signal is aborted, and `ready` has the reason', async () => {
    const end = new AbortController()
    const kept = rig.keep(greeter, { signal: end.signal })
    await rig.until(kept.ready)
    end.abort(new Error('enough'))
    expect(kept.state).toBe('stopped')
    await rig.run(2_000)
    expect(await rig.seen()).toEqual([])
    const late = rig.keep(greeter, { signal: end.signal })
    await expect(late.ready).rejects.toThrow('enough')
    expect(rig.times('register')).toEqual([0])
  })

  test('at the end of an `await using` block', async () => {
    const kept = rig.keep()
    await rig.until(kept.ready)
    await rig.until(kept[Symbol.asyncDispose]())
    await rig.run(2_000)
    expect(await rig.seen()).toEqual([])
  })

  test('once, however often it is stopped; a failure of that is told and not thrown', async () => {
    const kept = rig.keep()
    await rig.until(kept.ready)
    rig.deregisterFailures.push(new Error('connection lost'))
    await rig.until(Promise.all([kept.stop(), kept.stop()]))
    await rig.until(kept.stop())
    expect(rig.times('deregister')).toHaveLength(1)
    expect(rig.story.slice(-2).map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'failed connection lost',
      'deregistered stopped',
    ])
  })
})

test('what is done after the end is refused', async () => {
  const kept = rig.keep()
  await rig.until(kept.stop())
  await expect(kept.update(greeter)).rejects.toThrow(code('ERR_CLOSED'))
  await rig.run(100_000)
  expect(rig.times('register')).toEqual([])
})

test('no timer and no listener is left', async () => {
  const clock = new CountingClock(new World().clock)
  const registry = memoryBackend(clock, Math.random)({})
  const end = new AbortController()
  const check = () => new Promise(() => {})
  const kept = keepRegistered(registry, greeter, { clock, signal: end.signal, check, ref: false })
  await new Promise((resolve) => setImmediate(resolve))
  expect(clock.waiting).toBe(1)
  await kept.stop()
  expect(clock.waiting).toBe(0)
  await registry.close()
})
