import { describe, expect, test } from 'vitest'
import { MemoryStore, memoryBackend } from '../../src/registry/memory.ts'
import { World } from '../../src/sim/world.ts'
import { registryContract } from './contract.ts'
import { greeter, type Link } from './parties.ts'

function memoryLink(): Link {
  const world = new World()
  const store = new MemoryStore()
  const { clock } = world
  const backend = memoryBackend(clock, Math.random)
  return {
    registry: (options) => backend({ store, ...options }),
    now: () => world.now,
    run: (ms) => world.until(new Promise((resolve) => clock.at(clock.now() + ms, () => resolve(undefined))), ms + 1),
    until: (promise) => world.until(promise),
  }
}

describe('memory', () => {
  registryContract(memoryLink)

  test('a lapse is told as such', async () => {
    const link = memoryLink()
    const registry = link.registry()
    await link.until(registry.register(greeter, { ttl: 1 }))
    const watcher = registry.watch()
    await link.until(watcher.next())
    expect(await link.until(watcher.next())).toMatchObject({ action: 'delete', reason: 'expired' })
    expect(link.now()).toBe(1_000)
    await registry.close()
  })

  test('registries that share no store do not see each other', async () => {
    const link = memoryLink()
    const alone = link.registry({ store: new MemoryStore() })
    await link.until(alone.register(greeter))
    await expect(link.until(link.registry().getService('greeter', { timeout: 5 }))).rejects.toThrow('greeter')
    expect(String(alone)).toBe('memory')
  })
})
