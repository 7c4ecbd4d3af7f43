import { describe, expect, test } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'
import { StuckProcess } from './stuck-process.ts'

const STALL = 5_000
/** The ttls, in seconds, of what is watched. */
const LIVES = [3, 4, 5, 7, 10, 15, 30, 60, 90, 120]

/** A browser in a process that can be stuck, what it browses, and another browser, whose answers it hears as well. */
function watched(seed: number) {
  const world = new World({ seed, families: [4] })
  const stuck = new StuckProcess(world, seed)
  const dnssd = new Dnssd(stuck.host)
  const keeper = new Dnssd(world.host())
  new Dnssd(world.host()).browse('http')
  for (const ttl of LIVES) keeper.advertise({ name: `for ${ttl} s`, type: 'http', port: 80, ttl })
  const browser = dnssd.browse('http')
  const down: string[] = []
  browser.on('down', ({ name }, reason) => down.push(`${name} ${reason}`))
  expect(world.runUntil(() => browser.services.length === LIVES.length)).toBe(true)
  return { world, stuck, dnssd, keeper, browser, down }
}

describe('goal 21: a process that is stuck for five seconds', () => {
  test('takes no service for gone that lives, whenever it happens and whatever waits to be read', () => {
    let backlog = 0
    for (let seed = 1; seed <= 5; seed += 1) {
      const { world, stuck, down, browser } = watched(seed)
      const random = seededRandom(seed, 7)
      for (let i = 0; i < 40; i += 1) {
        world.run(random() * 9_000)
        stuck.stick(STALL)
      }
      backlog += stuck.backlog
      world.run(10_000)
      expect(down).toEqual([])
      expect(browser.services).toHaveLength(LIVES.length)
    }
    expect(backlog).toBeGreaterThan(400)
  })

  test('is told of a goodbye that it slept through', () => {
    const { world, stuck, down, keeper } = watched(1)
    void keeper.close()
    stuck.stick(STALL)
    world.run(2_000)
    expect(down.sort()).toEqual(LIVES.map((ttl) => `for ${ttl} s goodbye`).sort())
  })

  test('gives up what really died, its own time later', () => {
    const { world, stuck, down } = watched(1)
    const [keeper] = world.hosts
    if (keeper) world.transport(keeper).disconnect(world.lan)
    stuck.stick(STALL)
    expect(down).toEqual([])
    world.run(11_000)
    expect(down.sort()).toEqual([3, 4, 5, 7, 10].map((ttl) => `for ${ttl} s expired`).sort())
  })

  test('lets no registration lapse that it had no time to renew', async () => {
    const world = new World({ families: [4] })
    const stuck = new StuckProcess(world, 1)
    const registry = mdnsBackend({ host: () => stuck.host }, Math.random)({ host: stuck.host })
    const service = { name: 'greeter', nodes: [{ id: 'one', address: ':80' }] }
    await world.until(registry.register(service, { ttl: 6 }))
    const deletes: unknown[] = []
    registry.watch().on('result', ({ action, reason }) => action === 'delete' && deletes.push(reason))
    world.run(3_000)
    stuck.stick(STALL)
    await world.until(registry.register(service, { ttl: 6 }))
    world.run(3_000)
    expect(deletes).toEqual([])
  })
})
