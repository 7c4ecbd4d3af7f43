// Several programs on one host that all speak multicast DNS: each hears all others, on this host and on others.
import { once } from 'node:events'
import { afterAll, describe, expect, test } from 'vitest'
import { Avahi } from './avahi.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 10_000
const TYPE = '_http._tcp'

const site = new Site()

afterAll(async () => {
  await Avahi.stopAll()
  await site.close()
})

/** Two hosts on a wire. */
function hosts(): { readonly shared: SiteHost; readonly other: SiteHost } {
  const wire = site.segment()
  const [shared, other] = [site.host('shared'), site.host('other')]
  shared.plug(wire, { addresses: ['198.18.0.2/24'] })
  other.plug(wire, { addresses: ['198.18.0.3/24'] })
  return { shared, other }
}

const node = (id: string) => [{ name: `service-${id}`, nodes: [{ id, address: ':8080' }] }]
const box = (name: string, port: number) => [{ name, type: TYPE, port }]

describe.concurrent('our own programs', () => {
  test.each([2, 3])(
    'goal 53: %i on one host and one on another know each other, and stay when one leaves',
    async (count) => {
      const { shared, other } = hosts()
      const ids = [...Array.from({ length: count }, (_, index) => `shared-${index}`), 'other']
      const members = ids.map((id) => (id === 'other' ? other : shared).member({ register: node(id), watch: true }))
      for (const member of members) await member.until(({ nodes }) => nodes.size === ids.length, PATIENCE)
      expect(members.flatMap(({ process }) => process.lines.filter((line) => 'warning' in line))).toEqual([])

      await members[0]?.stop()
      for (const member of members.slice(1)) await member.until(({ nodes }) => nodes.size === ids.length - 1, PATIENCE)
      // The one that left took its own leave, and not that of the host that they had in common.
      const late = other.member({ watch: true })
      await late.until(({ nodes }) => nodes.size === ids.length - 1, PATIENCE)
      expect(late.nodes.get('shared-1')).toBe('198.18.0.2:8080')
    },
  )
})

describe.concurrent('beside Avahi', () => {
  test.each(['before', 'after'])(
    'it and ours see each other, and a third host sees both; started %s ours',
    async (when) => {
      const { shared, other } = hosts()
      const early = when === 'before' ? await Avahi.start(shared) : undefined
      await early?.publish('Theirs', TYPE, 80)
      const ours = await shared.member({ browse: TYPE, advertise: box('Ours', 81) }).has('advertised')
      const third = await other.member({ browse: TYPE, advertise: box('Third', 82) }).has('advertised')
      const avahi = early ?? (await Avahi.start(shared))
      if (early === undefined) await avahi.publish('Theirs', TYPE, 80)

      for (const member of [ours, third]) {
        await member.until(({ instances }) => instances.size === 3, PATIENCE)
        expect(member.instances.get('Ours')).toMatchObject({ host: 'shared.local', port: 81 })
        expect(member.instances.get('Theirs')).toMatchObject({ host: 'shared.local', port: 80 })
        expect(member.addressesOf('Theirs')[0]).toBe('198.18.0.2%lan0')
        expect(member.seen.filter(({ event }) => event === 'down')).toEqual([])
      }
      expect(avahi.browse(TYPE)).toEqual(['Ours shared.local 81', 'Theirs shared.local 80', 'Third other.local 82'])
      expect(avahi.told).not.toContain('conflict')
    },
  )
})

describe.concurrent('beside a program that takes the port as well', () => {
  test.each(['before', 'after'])(
    'goal 52: ours and those of another host know each other; taken %s ours came',
    async (when) => {
      const { shared, other } = hosts()
      const hold = async () => {
        const { stdout } = shared.start('port-holder.mjs').child
        if (stdout) await once(stdout, 'data')
      }
      if (when === 'before') await hold()
      const members = [shared.member({ register: node('shared'), watch: true })]
      await members[0]?.has('registered')
      if (when === 'after') await hold()
      members.push(other.member({ register: node('other'), watch: true }))
      for (const member of members) await member.until(({ nodes }) => nodes.size === 2, PATIENCE)
    },
  )
})

test('all programs end well', async () => {
  expect(await site.endAll()).toEqual([])
})
