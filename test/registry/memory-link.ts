// Owns registries in one memory, under a virtual clock.
// Does not own any expectation.
import { type ContractLink, virtualTime } from '../../src/contract.ts'
import { MemoryStore, memoryBackend } from '../../src/registry/memory.ts'
import { World } from '../../src/sim/world.ts'

export function memoryLink(): ContractLink {
  const world = new World()
  const store = new MemoryStore()
  const backend = memoryBackend(world.clock, Math.random)
  return virtualTime({ world, lag: 1, registry: (options) => backend({ store, ...options }) })
}
