// The check of a registration that is kept: what counts as failed, and what follows.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { greeter, KeptRig } from './kept-rig.ts'

let rig: KeptRig

beforeEach(() => {
  rig = new KeptRig()
})
afterEach(() => rig.close())

const hang = () => new Promise(() => {})
const FAILING = {
  'returns false': () => false,
  'resolves with false': async () => false,
  throws: () => {
    throw new Error('no disk')
  },
  'rejects with an error': () => Promise.reject(new Error('no disk')),
  'rejects with a word': () => Promise.reject('no disk'),
  hangs: hang,
} as const

describe('a check that', () => {
  test.each(Object.entries(FAILING))('%s deregisters, and stays out until it passes', async (_, failing) => {
    let check: () => unknown = () => true
    const kept = rig.keep(greeter, { interval: 1_000, check: () => check(), checkTimeout: 400 })
    await rig.run(1_500)
    check = failing
    await rig.run(3_000)
    expect([kept.state, await rig.seen()]).toEqual(['unhealthy', []])
    check = () => undefined
    await rig.run(1_000)
    expect([kept.state, await rig.seen()]).toEqual(['registered', ['greeter-1']])
    const late = failing === hang ? 400 : 0
    expect(rig.story).toEqual([
      '0 registered greeter-1',
      '1000 renewed greeter-1',
      `${2_000 + late} deregistered check-failed`,
      ...[2_000, 3_000, 4_000].map((at) => `${at + late} failed ERR_CHECK_FAILED`),
      '5000 registered greeter-1',
    ])
    expect(rig.times('deregister')).toEqual([2_000 + late])
  })

  test.each([true, undefined, null, 0, '', 'fine'])('returns %o passes', async (verdict) => {
    const kept = rig.keep(greeter, { check: () => verdict })
    await rig.until(kept.ready)
    expect(rig.now).toBe(0)
  })

  test('fails from the start keeps it out, and `ready` waits', async () => {
    let healthy = false
    const kept = rig.keep(greeter, { interval: 1_000, check: () => healthy })
    await rig.run(2_500)
    expect([kept.state, kept.service, rig.calls]).toEqual(['unhealthy', undefined, []])
    healthy = true
    await rig.until(kept.ready)
    expect(rig.calls).toEqual(['3000 register greeter-1 90'])
  })

  test('passes again while registering fails is retried with back-off', async () => {
    let healthy = false
    const kept = rig.keep(greeter, { interval: 1_000, check: () => healthy })
    await rig.run(500)
    healthy = true
    rig.failures.push(new Error('connection lost'), new Error('connection lost'))
    await rig.run(550)
    expect(kept.state).toBe('retrying')
    await rig.until(kept.ready)
    expect(rig.times('register')).toEqual([1_000, 1_100, 1_300])
  })

  test('fails while deregistering fails too is followed by another try to deregister', async () => {
    let healthy = true
    const kept = rig.keep(greeter, { interval: 10_000, check: () => healthy })
    await rig.until(kept.ready)
    healthy = false
    rig.deregisterFailures.push(new Error('connection lost'), new Error('connection lost'))
    await rig.run(15_000)
    expect(rig.times('deregister')).toEqual([10_000, 10_100, 10_300])
    expect(await rig.seen()).toEqual([])
  })
})

test('the signal of a check is aborted when it took too long, and when the registration is stopped', async () => {
  const signals: AbortSignal[] = []
  const check = (signal: AbortSignal) => {
    signals.push(signal)
    return hang()
  }
  const kept = rig.keep(greeter, { interval: 1_000, check, checkTimeout: 300 })
  await rig.run(299)
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  await rig.run(800)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  await rig.until(kept.stop())
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})

test('a check without a limit of its own has five seconds, or an interval that is shorter', async () => {
  rig.keep(greeter, { check: hang })
  rig.keep({ ...greeter, name: 'other' }, { check: hang, interval: 2_000 })
  await rig.run(5_100)
  expect(rig.story.map((line) => Number.parseInt(line, 10))).toEqual([2_000, 5_000])
})
