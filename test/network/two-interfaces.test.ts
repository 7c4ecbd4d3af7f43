// A host with two interfaces, on two wires or on one: what it has is one service, and it is no rival of itself.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Member } from './member.ts'
import { passed } from './observer.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 10_000
const TYPE = '_http._tcp'

const site = new Site()
afterAll(() => site.close())

describe.concurrent('two hosts on two wires', () => {
  /** What was heard on a link that is gone counts for five seconds more; it may be noticed a second late. */
  const FORGOTTEN_WITHIN = 8_000
  const KNOWN_WITHIN = 5_000
  /** What the far host has on each wire; an address of no subnet of ours comes after those that are. */
  const ON = [['198.18.0.2%lan0'], ['198.18.1.2%lan1', '198.18.0.200%lan1', '2001:db8::2%lan1']] as const
  const LINK_LOCAL = ['fe80::%lan0', 'fe80::%lan1'] as const

  const wires = [site.segment(), site.segment()] as const
  let near: SiteHost
  let watcher: Member
  let browser: Member

  function plugIn(index: 0 | 1): void {
    near.plug(wires[index], { interface: `lan${index}`, addresses: [`198.18.${index}.1/24`] })
  }

  beforeAll(() => {
    near = site.host('near')
    const far = site.host('far')
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

  /** The addresses of the instance, the link-local ones last and without what the kernel chose of them. */
  function known(): readonly string[] {
    const all = browser.addressesOf('Box').map((address) => address.replace(/^fe80:.*%/, 'fe80::%'))
    return [...all.filter((text) => !text.startsWith('fe80')), ...all.filter((text) => text.startsWith('fe80')).sort()]
  }

  async function knows(addresses: readonly string[], within: number): Promise<void> {
    await browser.until(() => known().join() === addresses.join(), within)
  }

  /** The number of creates and deletes, of ups and downs. */
  function comings(): readonly number[] {
    const told = [...watcher.results.map(({ action }) => action), ...browser.seen.map(({ event }) => event)]
    return ['create', 'delete', 'up', 'down'].map((each) => told.filter((one) => one === each).length)
  }

  const nodeAt = (address: string) => () => watcher.nodes.get('greeter-1') === `${address}:8080`

  test.sequential('R308 brlive: it is one service in two families, each address on the link that has it', async () => {
    await watcher.until(nodeAt('198.18.0.2'), PATIENCE)
    await knows([...ON[0], ...ON[1], ...LINK_LOCAL], PATIENCE)
    expect(comings()).toEqual([1, 0, 1, 0])
  })

  test.sequential.each([0, 1] as const)(
    'link %i goes, and its addresses; the service stays; and back',
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
})

/** Linux drops IPv4 packets from an address of its own, unless it is told not to; IPv6 has no such rule. */
describe.concurrent.each([
  ['drops', '0'],
  ['takes in', '1'],
])('a host that is on one wire twice, and %s what it hears of itself', (_title, acceptLocal) => {
  const SETTLED_AFTER = 8_000
  const WATCHED_FOR = 30_000
  /** What one standing question may ask in that time, RFC 6762 §5.2: twice, on each of two links, in each family. */
  const QUESTIONS = 2 * 2 * 2

  test('is known by both of its addresses, keeps its names, and is silent once all is said', async () => {
    const wire = site.segment()
    const [twice, third] = [site.host('twice'), site.host('third')]
    for (const index of [1, 2]) {
      twice.plug(wire, { interface: `lan${index}`, addresses: [`198.18.0.${index}/24`] })
      twice.sysctl(`ipv4/conf/lan${index}/rp_filter`, '0')
      twice.sysctl(`ipv4/conf/lan${index}/accept_local`, acceptLocal)
    }
    twice.sysctl('ipv4/conf/all/rp_filter', '0')
    third.plug(wire, { addresses: ['198.18.0.3/24'] })
    const other = third.member({ browse: TYPE, advertise: [{ name: 'Third', type: TYPE, port: 3 }] })
    const own = twice.member({ browse: TYPE, advertise: [{ name: 'Twice', type: TYPE, port: 1 }] })
    await Promise.all([other.has('advertised'), own.has('advertised')])

    const both = ['198.18.0.1%lan0', '198.18.0.2%lan0']
    await other.until(() => both.every((address) => other.addressesOf('Twice').includes(address)), PATIENCE)
    await own.until(() => own.addressesOf('Third').includes('198.18.0.3%lan1'), PATIENCE)
    await passed(Date.now() + SETTLED_AFTER)
    const before = [twice.sent(), third.sent()]
    await passed(Date.now() + WATCHED_FOR)
    const sent = [twice, third].map((host, index) => host.sent() - (before[index] ?? 0))
    expect(sent.filter((count) => count > QUESTIONS)).toEqual([])

    for (const member of [other, own]) {
      const events = member.seen.map(({ event, name }) => `${event} ${name}`)
      expect(events.filter((event) => !event.startsWith('update')).sort()).toEqual(['up Third', 'up Twice'])
      expect(member.instances.get('Twice')?.host).toBe('twice.local')
      expect(member.process.lines.filter(({ event }) => event === 'renamed')).toEqual([])
    }
    expect(both.every((address) => other.addressesOf('Twice').includes(address))).toBe(true)
  })
})

test('all programs end well', async () => {
  expect(await site.endAll()).toEqual([])
})
