// Owns registries on a simulated LAN, one host each.
// Does not own any expectation.
import type { ContractLink } from '../../src/contract.ts'
import { virtualTime } from '../../src/contract.ts'
import type { Host } from '../../src/host/host.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import type { Registry, RegistryOptions } from '../../src/registry/types.ts'
import { World } from '../../src/sim/world.ts'

export interface SimulatedLink extends ContractLink {
  readonly world: World
  /** A registry on a host that is shared with the test. */
  on(host: Host, options?: RegistryOptions): Registry
}

export function simulatedLink(seed = 1, world = new World({ seed })): SimulatedLink {
  const backend = mdnsBackend({ host: () => world.host() }, Math.random)
  return {
    ...virtualTime({ world, registry: (options = {}) => backend(options) }),
    world,
    on: (host, options = {}) => backend({ ...options, host }),
  }
}
