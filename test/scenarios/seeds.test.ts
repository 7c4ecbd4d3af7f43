import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { World, type WorldOptions } from '../../src/sim/world.ts'
import { instanceAt, service, TYPE } from './service.ts'

const LABEL = 'web'

/** Three hosts that want one name, the later ones starting up to a second after the first. */
function claimOneName(
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

function transcriptOf(seed: number): string {
  const { world } = claimOneName({ seed, latency: [1, 30], loss: 0.1, duplicate: 0.1 }, 100)
  world.run(30_000)
  expect(world.transcript.length).toBeGreaterThan(30)
  const hash = createHash('sha256')
  for (const { at, sender, from, to, bytes } of world.transcript) {
    hash.update(JSON.stringify([at, sender, from, to])).update(bytes)
  }
  return hash.digest('hex')
}

describe('seeds', () => {
  test('the same seed gives the same datagrams byte for byte, every other seed gives others', () => {
    const first = Array.from({ length: 20 }, (_, seed) => transcriptOf(seed))
    const again = Array.from({ length: 20 }, (_, seed) => transcriptOf(seed))
    expect(again).toEqual(first)
    expect(new Set(first).size).toBe(20)
  })

  test('RFC 6762 §8.2, §9: a thousand times three hosts claim one name, and end with three', () => {
    for (let seed = 0; seed < 1000; seed += 1) {
      const families = seed % 2 === 0 ? ([4] as const) : ([4, 6] as const)
      const { world, hosts, names } = claimOneName({ seed, families }, (seed % 11) * 100)
      world.run(15_000)
      const expected = [0, 1, 2].map((attempt) => instanceAt(LABEL, attempt))
      expect([...names.values()].sort(), `seed ${seed}`).toEqual([...expected].sort())
      for (const host of hosts) {
        const heard = host.lookup(TYPE, 'PTR').flatMap(({ rr }) => (rr.type === 'PTR' ? [rr.target] : []))
        expect([...new Set(heard)].sort(), `seed ${seed}`).toEqual([...expected].sort())
      }
    }
  })
})
