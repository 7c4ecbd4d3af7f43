// Owns registries on a simulated LAN that speak go-micro's protocol, or DNS-SD as well, one host each.
// Does not own any expectation.
import { type ContractLink, type Lack, virtualTime } from '../../src/contract.ts'
import { goMicroBackend } from '../../src/registry/go-micro.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import type { BackendFactory } from '../../src/registry/types.ts'
import { World } from '../../src/sim/world.ts'

export interface MicroLink extends ContractLink {
  readonly world: World
}

/** go-micro's names are those of hosts, its addresses numbers, and it asks nobody whether an id is taken. */
const LACKS: readonly Lack[] = ['free-names', 'host-names', 'conflicts']

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
  const backend = mdnsBackend({ host: () => world.host(), microHost: () => world.microHost(), both }, Math.random)
  return linkOf(world, (options) => backend({ wire: ['dns-sd', 'go-micro'], ...options }))
}

function linkOf(world: World, backend: BackendFactory): MicroLink {
  return { ...virtualTime({ world, lacks: LACKS, registry: (options = {}) => backend(options) }), world }
}
