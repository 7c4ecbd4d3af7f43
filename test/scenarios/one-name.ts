// Owns the experiment of three hosts that want one name.
// Does not own how many seeds it takes.
import { expect } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { World, type WorldOptions } from '../../src/sim/world.ts'
import { instanceAt, service, TYPE } from './service.ts'

const LABEL = 'web'

/** Three hosts that want one name, the later ones starting up to a second after the first. */
export function claimOneName(
  options: WorldOptions,
  stagger: number,
): { world: World; hosts: Host[]; names: Map<Host, string> } {
  const world = new World(options)
  const names = new Map<Host, string>()
  const hosts = [0, 1, 2].map((order) => {
    const host = world.host()
    host.on((event) => {
      if (event.kind === 'published' || event.kind === 'renamed') names.set(host, instanceAt(LABEL, event.attempt))
    })
    host.ask(TYPE, 'PTR', () => {})
    world.clock.at(order * stagger, () => host.publish(service(LABEL)))
    return host
  })
  return { world, hosts, names }
}

/** Whatever the seed, each has a name of its own in the end, and each knows all three. */
export function expectThreeNames(seeds: number): void {
  const expected = [0, 1, 2].map((attempt) => instanceAt(LABEL, attempt)).sort()
  for (let seed = 0; seed < seeds; seed += 1) {
    const families = seed % 2 === 0 ? ([4] as const) : ([4, 6] as const)
    const { world, hosts, names } = claimOneName({ seed, families }, (seed % 11) * 100)
    world.run(15_000)
    expect([...names.values()].sort(), `seed ${seed}`).toEqual(expected)
    for (const host of hosts) {
      const heard = host.lookup(TYPE, 'PTR').flatMap(({ rr }) => (rr.type === 'PTR' ? [rr.target] : []))
      expect([...new Set(heard)].sort(), `seed ${seed}`).toEqual(expected)
    }
  }
}
