// Owns registries on a simulated LAN that speak go-micro's protocol, or DNS-SD as well, one host each.
// Does not own any expectation.
import { goMicroBackend } from '../../src/registry/go-micro.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import type { BackendFactory } from '../../src/registry/types.ts'
import { World } from '../../src/sim/world.ts'
import type { Link } from './parties.ts'

export interface MicroLink extends Link {
  readonly world: World
}

/** With the backend `go-micro`. */
export function microLink(seed = 1, world = new World({ seed })): MicroLink {
  return linkOf(
    world,
    goMicroBackend(() => world.microHost(), Math.random),
  )
}

/** With the backend `mdns` and both of its wire formats. */
export function bothLink(seed = 1, world = new World({ seed })): MicroLink {
  const both = () => {
    const host = world.host()
    return { host, microHost: world.microHost({ beside: host }) }
  }
  const backend = mdnsBackend({ host: () => world.host(), both }, Math.random)
  return linkOf(world, (options) => backend({ wire: ['dns-sd', 'go-micro'], ...options }))
}

function linkOf(world: World, backend: BackendFactory): MicroLink {
  const { clock } = world
  return {
    world,
    registry: (options = {}) => backend(options),
    now: () => world.now,
    run: (ms) => world.until(new Promise((resolve) => clock.at(clock.now() + ms, () => resolve(undefined))), ms + 1),
    until: (promise) => world.until(promise),
  }
}
