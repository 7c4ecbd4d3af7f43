// Two hosts on two wires: what is heard on both, in two families, is one service, with the addresses of each wire.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Member } from './member.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 10_000
/** What was heard on a link that is gone counts for five seconds more; it may be noticed a second late. */
const FORGOTTEN_WITHIN = 8_000
const KNOWN_WITHIN = 5_000
const TYPE = '_http._tcp'
/** What the far host has on each wire; an address of no subnet of ours comes after those that are. */
const ON = [['198.18.0.2%lan0'], ['198.18.1.2%lan1', '198.18.0.200%lan1', '2001:db8::2%lan1']] as const
const LINK_LOCAL = ['fe80::%lan0', 'fe80::%lan1'] as const

const site = new Site()
const wires = [site.segment(), site.segment()] as const
let near: SiteHost
let far: SiteHost
let watcher: Member
let browser: Member

function plugIn(index: 0 | 1): void {
  near.plug(wires[index], { interface: `lan${index}`, addresses: [`198.18.${index}.1/24`] })
}

beforeAll(() => {
  ;[near, far] = [site.host('near'), site.host('far')]
  for (const index of [0, 1] as const) {
    plugIn(index)
    far.plug(wires[index], { interface: `lan${index}`, addresses: [`198.18.${index}.2/24`] })
  }
  far.ip('addr add 198.18.0.200/32 dev lan1', 'addr add 2001:db8::2/64 dev lan1')
  watcher = near.member({ watch: true })
  browser = near.member({ browse: TYPE })
  far.member({ register: [{ name: 'greeter', nodes: [{ id: 'greeter-1', address: ':8080' }] }] })
  far.member({ advertise: [{ name: 'Box', type: TYPE, port: 80 }] })
})
afterAll(() => site.close())

/** The addresses of the instance, the link-local ones without what the kernel chose of them. */
function known(): readonly string[] {
  const all = browser.addressesOf('Box').map((address) => address.replace(/^fe80:.*%/, 'fe80::%'))
  return [...all.filter((text) => !text.startsWith('fe80')), ...all.filter((text) => text.startsWith('fe80')).sort()]
}

async function knows(addresses: readonly string[], within: number): Promise<void> {
  await browser.until(() => known().join() === addresses.join(), within)
}

/** The number of creates and deletes, of ups and downs. */
function comings(): readonly number[] {
  const actions = watcher.results.map(({ action }) => action)
  const events = browser.seen.map(({ event }) => event)
  const counted = [...actions, ...events]
  return ['create', 'delete', 'up', 'down'].map((each) => counted.filter((one) => one === each).length)
}

const nodeAt = (address: string) => () => watcher.nodes.get('greeter-1') === `${address}:8080`

test('R308 brlive: on two links in two families it is one service, each address on the link that has it', async () => {
  await watcher.until(nodeAt('198.18.0.2'), PATIENCE)
  await knows([...ON[0], ...ON[1], ...LINK_LOCAL], PATIENCE)
  expect(comings()).toEqual([1, 0, 1, 0])
})

test.each([0, 1] as const)(
  'link %i is taken away: the service stays, its addresses there go; and back',
  async (index) => {
    const other = index === 0 ? 1 : 0
    near.ip(`link del lan${index}`)
    await knows([...ON[other], LINK_LOCAL[other]], FORGOTTEN_WITHIN)
    await watcher.until(nodeAt(`198.18.${other}.2`), FORGOTTEN_WITHIN)
    plugIn(index)
    await knows([...ON[0], ...ON[1], ...LINK_LOCAL], KNOWN_WITHIN)
    await watcher.until(nodeAt('198.18.0.2'), KNOWN_WITHIN)
    expect(comings()).toEqual([1, 0, 1, 0])
  },
)

test('nothing was said on standard error, and all end well', async () => {
  expect(await site.endAll()).toEqual([])
})
