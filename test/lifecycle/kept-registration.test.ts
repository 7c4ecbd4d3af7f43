// A registration that is kept: renewals, retries, updates and its end, by the virtual clock.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RegistryError } from '../../src/errors.ts'
import type { ServiceInput } from '../../src/registry/types.ts'
import { greeter, KeptRig } from './kept-rig.ts'

const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })
const lost = () => new Error('connection lost')

let rig: KeptRig

beforeEach(() => {
  rig = new KeptRig()
})
afterEach(() => rig.close())

describe.each(['memory', 'mdns'] as const)('on %s', (backend) => {
  beforeEach(() => {
    rig = new KeptRig(backend)
  })

  test('it registers, renews in time, and says goodbye when it is stopped', async () => {
    const kept = rig.keep(greeter, { interval: 3_000, ttl: 9 })
    const service = await rig.until(kept.ready)
    expect(service.nodes).toEqual([{ id: 'greeter-1', address: '198.18.0.11:8080', metadata: {} }])
    expect([kept.state, kept.service]).toEqual(['registered', service])
    await rig.run(60_000)
    expect(await rig.seen()).toEqual(['greeter-1'])
    await rig.until(kept.stop())
    expect(kept.state).toBe('stopped')
    await rig.run(2_000)
    expect(await rig.seen()).toEqual([])
  })

  test('metadata that change go out at once by update, and by themselves at the next renewal', async () => {
    let load = 1
    const source = () => ({ ...greeter, metadata: { load: String(load) } })
    const kept = rig.keep(source, { interval: 10_000 })
    await rig.until(kept.ready)
    const loads: unknown[] = []
    rig.there.watch({ service: 'greeter' }).on('result', ({ service }) => loads.push([rig.now, service.metadata.load]))
    await rig.run(5_000)
    load = 2
    const asked = rig.now
    await rig.until(kept.update())
    await rig.run(500)
    load = 3
    await rig.run(20_000)
    expect(loads.map((entry) => (entry as unknown[])[1])).toEqual(['1', '2', '3'])
    expect((loads[1] as number[])[0]).toBeLessThan(asked + 500)
    expect((loads[2] as number[])[0]).toBeGreaterThanOrEqual(10_000)
    expect((loads[2] as number[])[0]).toBeLessThan(10_500)
  })

  test('a made-up id stays the same over renewals, a failed check and a new port', async () => {
    let healthy = true
    const input = (port: number): ServiceInput => ({ name: 'greeter', nodes: [{ address: `198.18.0.11:${port}` }] })
    const kept = rig.keep(input(80), { interval: 1_000, check: () => healthy })
    const id = (await rig.until(kept.ready)).nodes[0]?.id ?? ''
    expect(id).toMatch(/^greeter-[0-9a-f]{8}$/)
    await rig.run(5_500)
    healthy = false
    await rig.run(2_000)
    expect([kept.state, await rig.seen()]).toEqual(['unhealthy', []])
    healthy = true
    await rig.run(3_000)
    expect([kept.state, await rig.seen()]).toEqual(['registered', [id]])
    await rig.until(kept.update(input(81)))
    await rig.run(2_000)
    expect(await rig.seen()).toEqual([id])
    expect((await rig.until(rig.there.getService('greeter')))[0]?.nodes[0]?.address).toBe('198.18.0.11:81')
  })

  test('nodes that an update leaves out are deregistered', async () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, address: '198.18.0.11:80' }))
    const kept = rig.keep({ ...greeter, nodes })
    await rig.until(kept.ready)
    await rig.until(kept.update({ ...greeter, nodes: nodes.slice(1, 2) }))
    await rig.run(2_000)
    expect(await rig.seen()).toEqual(['b'])
  })

  test('a registry that closes says goodbye, and it stops', async () => {
    const kept = rig.keep()
    await rig.until(kept.ready)
    expect(await rig.seen()).toEqual(['greeter-1'])
    await rig.until(rig.registry.close())
    expect(kept.state).toBe('stopped')
    await rig.run(2_000)
    expect(await rig.seen()).toEqual([])
    expect(rig.story.at(-1)).toMatch(/deregistered stopped$/)
    expect(rig.times('register')).toHaveLength(1)
  })
})

describe('renewals', () => {
  test('take place at whole intervals from the start, and the ttl goes with each', async () => {
    const kept = rig.keep(greeter, { interval: 700, ttl: 5 })
    await rig.run(2_900)
    expect(rig.calls).toEqual([0, 700, 1_400, 2_100, 2_800].map((at) => `${at} register greeter-1 5`))
    expect(rig.story.map((line) => line.split(' ')[1])).toEqual(['registered', ...Array(4).fill('renewed')])
    await rig.until(kept.stop())
  })

  test('do not drift when the checks before them take their time', async () => {
    const slow = () => new Promise((resolve) => rig.world.clock.at(rig.now + 300, () => resolve(true)))
    rig.keep(greeter, { interval: 1_000, check: slow })
    await rig.run(4_500)
    expect(rig.times('register')).toEqual([300, 1_300, 2_300, 3_300, 4_300])
  })

  test('are left out, not made up for, while one takes longer than an interval', async () => {
    let first = true
    const stuck = async () => {
      if (first) await new Promise((resolve) => rig.world.clock.at(2_500, () => resolve(undefined)))
      first = false
      return { ...greeter }
    }
    rig.keep(greeter, { interval: 1_000, ttl: 30, check: stuck, checkTimeout: 1_000 })
    await rig.run(3_500)
    expect(rig.times('register')).toEqual([2_500, 3_000])
    expect(rig.story).toContain('1000 failed ERR_CHECK_FAILED')
  })

  test('follow an update on their own beat', async () => {
    const kept = rig.keep(greeter, { interval: 1_000 })
    await rig.run(600)
    await rig.until(kept.update())
    await rig.run(1_500)
    expect(rig.times('register')).toEqual([0, 600, 1_000, 2_000])
  })

  test('are never two at once, and updates while one runs become one', async () => {
    rig = new KeptRig('mdns')
    const kept = rig.keep(greeter, { interval: 100, ttl: 3 })
    for (let load = 1; load <= 5; load += 1) void kept.update({ ...greeter, metadata: { load: String(load) } })
    await rig.run(2_000)
    expect(rig.atOnce).toBe(1)
    expect(kept.service?.metadata).toEqual({ load: '5' })
    // The probes of the first take longer than several intervals; the updates share the second.
    expect(rig.times('register').slice(0, 2)).toHaveLength(2)
    expect(rig.times('register')[1]).toBeGreaterThan(250)
  })
})

describe('a registration that fails', () => {
  test('is tried again after 100 ms, then twice as long each time, up to the interval', async () => {
    rig.failures.push(...Array.from({ length: 6 }, lost))
    const kept = rig.keep(greeter, { interval: 1_000 })
    await rig.run(5_500)
    expect(rig.times('register')).toEqual([0, 100, 300, 700, 1_500, 2_500, 3_500, 4_000, 5_000])
    expect(rig.story.slice(0, 7)).toEqual([
      ...[0, 100, 300, 700, 1_500, 2_500].map((at) => `${at} failed connection lost`),
      '3500 registered greeter-1',
    ])
    expect(await kept.ready).toEqual(kept.service)
  })

  test('is tried again sooner by chance, but by half at most', async () => {
    rig.failures.push(...Array.from({ length: 3 }, lost))
    const chances = [0.5, 1, 0.2]
    rig.keep(greeter, { random: () => chances.shift() ?? 0 })
    await rig.run(1_000)
    expect(rig.times('register')).toEqual([0, 75, 175, 535])
  })

  test('is tried again as `retry` says', async () => {
    rig.failures.push(...Array.from({ length: 4 }, lost))
    rig.keep(greeter, { retry: { first: 10, factor: 3, most: 50 } })
    await rig.run(1_000)
    expect(rig.times('register')).toEqual([0, 10, 40, 90, 140])
  })

  test('is no unhandled rejection, whoever listens', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    rig.failures.push(lost(), lost())
    const kept = rig.keep(greeter, { check: () => Promise.reject(lost()) })
    void kept.update()
    await rig.run(1_000)
    void kept.stop()
    await rig.run(1_000)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  test('as a renewal makes it `retrying`, and then it is `registered` again', async () => {
    const kept = rig.keep(greeter, { interval: 1_000 })
    await rig.run(500)
    rig.failures.push(lost())
    await rig.run(550)
    expect(kept.state).toBe('retrying')
    await rig.run(100)
    expect(kept.state).toBe('registered')
    expect(rig.story).toEqual(['0 registered greeter-1', '1000 failed connection lost', '1100 registered greeter-1'])
  })

  test('because a made-up id was taken over is tried again without that id', async () => {
    const kept = rig.keep({ ...greeter, nodes: [{ address: ':80' }] }, { interval: 1_000 })
    const id = (await rig.until(kept.ready)).nodes[0]?.id
    rig.failures.push(new RegistryError('ERR_NAME_CONFLICT', 'taken'))
    await rig.run(1_500)
    expect(rig.calls.map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      '0 register ?',
      `1000 register ${id}`,
      '1100 register ?',
    ])
  })

  test('for an id that is taken succeeds once it is free', async () => {
    await rig.until(rig.there.register(greeter))
    const kept = rig.keep(greeter, { interval: 1_000 })
    await rig.run(1_000)
    expect(kept.state).toBe('starting')
    await rig.until(rig.there.deregister(greeter))
    await rig.run(2_000)
    expect(kept.state).toBe('registered')
  })
})

describe('misuse', () => {
  test('of the service rejects `ready` and ends it', async () => {
    const kept = rig.keep({ name: 'greeter', nodes: [] })
    await expect(rig.until(kept.ready)).rejects.toThrow(code('ERR_INVALID_SERVICE'))
    await rig.run(10_000)
    expect([kept.state, rig.times('register')]).toEqual(['stopped', [0]])
  })

  test.each([null, 'greeter', {}, { name: 'greeter', nodes: 3 }])('of %o as the service rejects too', async (input) => {
    const kept = rig.keep(input as unknown as ServiceInput)
    await expect(rig.until(kept.ready)).rejects.toThrow(RegistryError)
  })

  test('of update rejects it, and the service stays as it was', async () => {
    const kept = rig.keep(greeter, { interval: 1_000 })
    await rig.until(kept.ready)
    await expect(rig.until(kept.update({ ...greeter, nodes: [] }))).rejects.toThrow(code('ERR_INVALID_SERVICE'))
    await rig.run(3_000)
    expect([kept.state, await rig.seen()]).toEqual(['registered', ['greeter-1']])
  })

  test('of interval and ttl throws at once', () => {
    for (const interval of [0, -1, Number.NaN, 2 ** 31, '1']) {
      expect(() => rig.keep(greeter, { interval: interval as number })).toThrow(code('ERR_INVALID_INTERVAL'))
    }
    for (const ttl of [0, 1.5, '9']) {
      expect(() => rig.keep(greeter, { ttl: ttl as number })).toThrow(code('ERR_INVALID_TTL'))
    }
    expect(() => rig.keep(greeter, { interval: 5_000, ttl: 5 })).toThrow(code('ERR_INVALID_INTERVAL'))
    expect(() => rig.keep(greeter, { checkTimeout: 0 })).toThrow(code('ERR_INVALID_INTERVAL'))
  })
})
