// A host that hears all that it says through an instance: it does no more and no less than on sockets of its own.
import { expect, test } from 'vitest'
import { Host } from '../../src/host/host.ts'
import type { Publication } from '../../src/mdns/types.ts'
import { multicastDns } from '../../src/net/multicast-dns.ts'
import { VirtualClock } from '../../src/sim/clock.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { decode } from '../../src/wire/decode.ts'
import { labelsOf, type Name, nameFromLabels } from '../../src/wire/name.ts'
import { instance as instanceName, ptr, srv, TYPE, txt } from '../mdns/records.ts'
import { listed } from './fake-dgram.ts'
import { FakeInstance } from './fake-multicast-dns.ts'

const clock = new VirtualClock()
const MACHINE = { lan0: [listed('198.18.0.1/24')] }

/** Names that come back as they went, and two that do not: a dot where DNS-SD has none, and bytes that are lost. */
const NAMES: readonly (readonly [string, Name])[] = [
  ['an instance with dots', instanceName('Map v1.2')],
  ['a name with a dot that nothing tells', nameFromLabels(['Map v1.2', 'local'])],
]

async function hostOver(instance: FakeInstance): Promise<Host> {
  const transport = multicastDns(instance, { clock, networkInterfaces: () => MACHINE })
  const host = new Host({ clock, random: seededRandom(7), transport, hostName: 'printer' })
  await host.ready
  return host
}

function publication(name: Name): Publication {
  const records = [srv(name), txt(name), ...Array.from({ length: 40 }, (_, index) => txt(name, { data: large(index) }))]
  return { id: 'page', needsHost: true, records: () => [ptr(name), ...records] }
}

/** Together they need several datagrams. */
function large(index: number): Uint8Array {
  return Uint8Array.from([100, ...Array(100).fill(index)])
}

test.each(NAMES)('%s is probed for, announced and kept, with its own words in its ears', async (_what, name) => {
  const instance = new FakeInstance()
  const host = await hostOver(instance)
  const events: string[] = []
  host.on((event) => events.push(event.kind))
  host.publish(publication(name))
  clock.runTo(clock.now() + 60_000)
  expect(new Set(events)).toEqual(new Set(['published']))
  const said = instance.sent.map(({ wire }) => decode(wire))
  expect(said.filter(({ questions }) => questions.some((question) => question.name === name))).toHaveLength(3)
  const announced = said.flatMap(({ answers }) => answers).filter(({ type }) => type === 'SRV')
  expect(announced.map((rr) => rr.name)).toEqual([name, name])
  expect(host.lookup(name, 'SRV')).toHaveLength(1)
  expect(host.stats.dropped).toEqual({})
  const closing = host.close()
  clock.runTo(clock.now() + 1000)
  await closing
})

test.each(NAMES)('the questions for %s leave as if nobody else asked', async (_what, name) => {
  const instance = new FakeInstance()
  const host = await hostOver(instance)
  const cancel = host.ask(name, 'SRV', () => {})
  const start = clock.now()
  const asked: number[] = []
  for (let second = 0; second < 32; second++) {
    const before = instance.sent.length
    clock.runTo(start + 1000 * (second + 1))
    if (instance.sent.length > before) asked.push(second)
  }
  expect(asked).toEqual([0, 1, 3, 7, 15, 31])
  expect(instance.sent.map(({ wire }) => labelsOf(decode(wire).questions[0]?.name ?? TYPE))).toEqual(
    Array(6).fill(labelsOf(name)),
  )
  cancel()
  const closing = host.close()
  clock.runTo(clock.now() + 1000)
  await closing
})
