// Owns registries in one memory, under a virtual clock.
// Does not own any expectation.
import { MemoryStore, memoryBackend } from '../../src/registry/memory.ts'
import { World } from '../../src/sim/world.ts'
import type { Link } from './parties.ts'

export function memoryLink(): Link {
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
