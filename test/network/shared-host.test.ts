// Several programs with mDNS of their own on one host: three of ours, and Avahi. Each sees all that there is.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Avahi } from './avahi.ts'
import type { Member } from './member.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 10_000
const GOODBYE_WITHIN = 2_500
const TYPE = '_http._tcp'
const OURS = ['one', 'two', 'three']
const ALL = ['Avahi Box', 'far', ...OURS].sort()

const site = new Site()
let shared: SiteHost
let avahi: Avahi
let far: Member
let ours: readonly Member[]

beforeAll(async () => {
  const wire = site.segment()
  shared = site.host('shared')
  const remote = site.host('remote')
  shared.plug(wire, { addresses: ['198.18.0.1/24'] })
  remote.plug(wire, { addresses: ['198.18.0.2/24'] })
  // One of ours is there before Avahi, the others come after it.
  const member = (host: SiteHost, name: string) =>
    host.member({ advertise: [{ name, type: TYPE, port: 80 }], browse: TYPE })
  const first = await member(shared, 'one').has('advertised')
  avahi = await Avahi.start(shared, { name: 'Avahi Box', type: TYPE, port: 81 })
  ours = [first, member(shared, 'two'), member(shared, 'three')]
  far = member(remote, 'far')
})
afterAll(async () => {
  await avahi?.stop()
  await site.close()
})

test('goal 52, goal 53: each of ours, here and elsewhere, finds all that is on the host and on the wire', async () => {
  for (const member of [...ours, far]) {
    await member.until(({ instances }) => ALL.every((name) => instances.has(name)), PATIENCE)
    expect([...member.instances.keys()].sort()).toEqual(ALL)
  }
  for (const name of ['Avahi Box', ...OURS]) expect(far.addressesOf(name)).toContain('198.18.0.1%lan0')
})

test('R271 coloc: they share the name and the address of the host, and nobody takes that for a conflict', () => {
  expect(new Set([...far.instances.values()].map(({ name, host }) => name !== 'far' && host))).toEqual(
    new Set([false, 'shared.local']),
  )
  expect(avahi.log).not.toMatch(/conflict|collision/i)
  for (const member of [...ours, far]) {
    expect(member.process.lines.filter(({ event }) => event === 'renamed' || event === 'down')).toEqual([])
  }
})

test('R242 gbshared: one that leaves takes away its own service, and not the host from under the others', async () => {
  const [leaving, ...staying] = ours
  await leaving?.stop()
  for (const member of [...staying, far]) {
    await member.until(({ instances }) => !instances.has('one'), GOODBYE_WITHIN)
    expect(member.seen.filter(({ event, name }) => event === 'down' && name !== 'one')).toEqual([])
  }
  await avahi.stop()
  for (const member of [...staying, far]) {
    await member.until(({ instances }) => !instances.has('Avahi Box'), GOODBYE_WITHIN)
    expect([...member.instances.keys()].sort()).toEqual(['far', 'three', 'two'])
    expect(member.addressesOf('two')).toContain('198.18.0.1%lan0')
  }
  expect(await site.endAll()).toEqual([])
})
