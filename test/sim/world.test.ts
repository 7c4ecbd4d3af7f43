import { expect, test, vi } from 'vitest'
import { World } from '../../src/sim/world.ts'
import { ScriptedEngine } from '../host/scripted-engine.ts'

test('run lets exactly the time pass that it is given', () => {
  const world = new World()
  world.run(250)
  world.run(250)
  expect(world.now).toBe(500)
})

test('runUntil stops with the event that makes it true, and at the limit', () => {
  const world = new World({ latency: 40 })
  const peer = world.peer()
  world.peer().send(new Uint8Array([1]))
  expect(world.runUntil(() => peer.heard.length > 0)).toBe(true)
  expect(world.now).toBe(40)
  expect(world.runUntil(() => peer.heard.length > 1, 500)).toBe(false)
  expect(world.now).toBe(540)
  expect(world.runUntil(() => true, 500)).toBe(true)
  expect(world.now).toBe(540)
})

test('until waits for promises that need both virtual time and turns of the event loop', async () => {
  const world = new World()
  const sleep = (ms: number) => new Promise<void>((resolve) => world.clock.at(world.now + ms, resolve))
  const work = async () => {
    await sleep(100)
    await Promise.resolve()
    await sleep(200)
    return world.now
  }
  world.clock.at(1e6, () => {
    throw new Error('ran too far')
  })
  expect(await world.until(work())).toBe(300)
  expect(world.now).toBe(300)
})

test('until passes a rejection on, and rejects when the limit of virtual time passes', async () => {
  const world = new World()
  await expect(world.until(Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(world.now).toBe(0)
  const never = new Promise(() => {})
  await expect(world.until(never, 700)).rejects.toThrow('not settled after 700 ms of virtual time')
  expect(world.now).toBe(700)
})

test('until works where the timers of the process are faked', async () => {
  vi.useFakeTimers()
  try {
    const world = new World()
    expect(await world.until(new Promise((resolve) => world.clock.at(5, () => resolve('done'))))).toBe('done')
  } finally {
    vi.useRealTimers()
  }
})

test('the transcript has every datagram once, in order, over all networks', () => {
  const world = new World({ seed: 3 })
  world.host({ engine: new ScriptedEngine() })
  world.host({ engine: new ScriptedEngine() })
  world.peer().send(new Uint8Array([1]))
  world.run(5)
  world.peer({ network: world.network('lab') }).send(new Uint8Array([2]), { family: 6 })
  world.run(5)
  const group = (address: string) => ({ address, port: 5353 })
  expect(world.transcript).toMatchObject([
    { at: 0, network: 'lan', sender: 'peer-1', family: 4, to: group('224.0.0.251'), viaGroup: true },
    { at: 5, network: 'lab', sender: 'peer-2', family: 6, to: group('ff02::fb'), viaGroup: true },
  ])
})

test('closing the world closes every host', async () => {
  const world = new World()
  const engines = [new ScriptedEngine(), new ScriptedEngine()]
  for (const engine of engines) world.host({ engine })
  await world.close()
  expect(engines.map((engine) => engine.kinds)).toEqual([
    ['links', 'close'],
    ['links', 'close'],
  ])
  world.peer().send(new Uint8Array([1]))
  world.run(10)
  expect(engines.map((engine) => engine.steps.length)).toEqual([2, 2])
})

test('a host of another world is refused', () => {
  const stranger = new World().host({ engine: new ScriptedEngine() })
  expect(() => new World().transport(stranger)).toThrow(RangeError)
})
