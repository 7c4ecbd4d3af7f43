// Owns the experiment of two hosts that want one name, and what has to become of it.
// Does not own how many seeds it takes.
import { expect } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { sameName } from '../../src/wire/name.ts'
import { CLASS_IN, type Name } from '../../src/wire/types.ts'
import { instanceAt, service } from './service.ts'

const NAMES = [instanceAt('web', 0), instanceAt('web', 1)] as const

interface Contest {
  readonly world: World
  readonly hosts: readonly Host[]
  /** What each host announced, and how often anyone took another name. */
  readonly attempts: Map<Host, number>
  renames: number
}

/** Two hosts that want one name, the second up to two seconds after the first. */
function contest(seed: number): Contest {
  const world = new World({ seed, families: seed % 2 === 0 ? [4] : [4, 6] })
  const hosts = [world.host(), world.host()]
  const result: Contest = { world, hosts, attempts: new Map(), renames: 0 }
  for (const [order, host] of hosts.entries()) {
    host.on((event) => {
      if (event.kind === 'published') result.attempts.set(host, event.attempt)
      if (event.kind === 'renamed') result.renames++
    })
    world.clock.at(order * 2000 * seededRandom(seed, -1)(), () => host.publish(service('web')))
  }
  return result
}

/** Who answers for the SRV record of this name. */
function answering(world: World, name: Name): readonly string[] {
  const from = world.now
  world.peer().send(encode({ questions: [{ name, type: 'SRV', class: CLASS_IN, unicast: false }] }))
  world.run(500)
  const answers = world.transcript.filter(
    ({ at, bytes }) => at >= from && decode(bytes).answers.some((rr) => rr.type === 'SRV' && sameName(rr.name, name)),
  )
  return [...new Set(answers.map(({ sender }) => sender))]
}

/** Whatever the seed, one keeps the name and the other renames once, in five seconds. */
export function expectOneRename(seeds: number): void {
  for (let seed = 0; seed < seeds; seed++) {
    const result = contest(seed)
    const { world, hosts, attempts } = result
    world.run(5000)
    expect([...attempts.values()].sort(), `seed ${seed}`).toEqual([0, 1])
    const keeper = hosts.findIndex((host) => attempts.get(host) === 0)
    world.run(1000)
    expect(answering(world, NAMES[0]), `seed ${seed}`).toEqual([`host-${keeper + 1}`])
    expect(answering(world, NAMES[1]), `seed ${seed}`).toEqual([`host-${2 - keeper}`])
    expect(result.renames, `seed ${seed}`).toBe(1)
  }
}
