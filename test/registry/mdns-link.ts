// Owns registries on a simulated LAN, one host each.
// Does not own any expectation.
import type { Host } from '../../src/host/host.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import type { Registry, RegistryOptions } from '../../src/registry/types.ts'
import { World } from '../../src/sim/world.ts'
import type { Link } from './parties.ts'

export interface SimulatedLink extends Link {
  readonly world: World
  /** A registry on a host that is shared with the test. */
  on(host: Host, options?: RegistryOptions): Registry
}

export function simulatedLink(seed = 1, world = new World({ seed })): SimulatedLink {
  const backend = mdnsBackend({ host: () => world.host() }, Math.random)
  const { clock } = world
  return {
    world,
    registry: (options = {}) => backend(options),
    on: (host, options = {}) => backend({ ...options, host }),
    now: () => world.now,
    run: (ms) => world.until(new Promise((resolve) => clock.at(clock.now() + ms, () => resolve(undefined))), ms + 1),
    until: (promise) => world.until(promise),
  }
}
