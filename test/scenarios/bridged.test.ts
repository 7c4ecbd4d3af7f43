// Two interfaces of one host on the same wire, as with Ethernet and Wi-Fi of one access point.
import { expect, test } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { World } from '../../src/sim/world.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Name } from '../../src/wire/types.ts'
import { instance, ptr, srv, TYPE, txt } from '../mdns/records.ts'

const MINUTE = 60_000
const DUAL = nameFromText('dual.local')
const WEB = instance('web')

interface Site {
  readonly world: World
  readonly dual: Host
  readonly witness: Host
  readonly renamed: string[]
}

/** What is sent on either network is heard on both. */
function bridged(seed: number): Site {
  const world = new World({ seed, families: [4], latency: 1 })
  const far = world.network('far')
  const [here, there] = [world.peer({ name: 'here' }), world.peer({ name: 'there', network: far })]
  here.onHear = ({ bytes, from, viaGroup }) => viaGroup && there.send(bytes, { from })
  there.onHear = ({ bytes, from, viaGroup }) => viaGroup && here.send(bytes, { from })
  const dual = world.host({ name: 'dual', networks: [world.lan, far] })
  const witness = world.host({ name: 'witness' })
  const renamed: string[] = []
  dual.on(({ kind }) => {
    if (kind === 'renamed' || kind === 'host-renamed') renamed.push(kind)
  })
  const records = ({ host }: { readonly host: Name }) => [ptr(WEB), srv(WEB, { target: host }), txt(WEB)]
  dual.publish({ id: 'web', needsHost: true, records })
  witness.ask(TYPE, 'PTR', () => {})
  return { world, dual, witness, renamed }
}

function known(host: Host): readonly string[] {
  return host.lookup(DUAL, 'A').flatMap(({ rr }) => ('address' in rr ? rr.address : []))
}

test.each([1, 2, 3, 4, 5])('R268 ifbridge: both addresses stay known, at rest and little said (seed %i)', (seed) => {
  const { world, dual, witness, renamed } = bridged(seed)
  const lost: string[] = []
  world.run(3_000)
  witness.ask(DUAL, 'A', (changes) => {
    for (const { action, rr } of changes) if (action === 'removed' && 'address' in rr) lost.push(rr.address)
  })
  world.run(10_000)
  const own = dual.links.flatMap(({ addresses }) => addresses.map(({ address }) => address))
  expect(own).toHaveLength(2)
  const settled = world.transcript.length
  for (let minute = 0; minute < 10; minute++) {
    world.run(MINUTE)
    expect([...known(witness)].sort()).toEqual([...own].sort())
  }
  expect(lost).toEqual([])
  expect(renamed).toEqual([])
  // Each is said twice, by the host and by the bridge: a refresh of the addresses every 96 seconds, and its answers.
  expect(world.transcript.length - settled).toBeLessThan(10 * 12)
})

test('R268 ifbridge: an address that changes on one of them does not take away the other', () => {
  const { world, dual, witness } = bridged(7)
  witness.ask(DUAL, 'A', () => {})
  world.run(20_000)
  world.transport(dual).readdress(world.network('far'), [{ address: '198.18.1.77', family: 4, prefixLength: 24 }])
  for (let tick = 0; tick < 50; tick++) {
    world.run(100)
    expect(known(witness)).toContain('198.18.0.2')
  }
  expect([...known(witness)].sort()).toEqual(['198.18.0.2', '198.18.1.77'])
})
