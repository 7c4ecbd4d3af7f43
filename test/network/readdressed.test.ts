// A host whose address is replaced while its programs run: the old one is forgotten, and it is heard as before.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Member } from './member.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 10_000
/** Goal 11. */
const WITHIN = 3_000
const TYPE = '_http._tcp'
/** No other family that could stand in for the one that changes. */
const families = [4] as const

const site = new Site()
let mobile: SiteHost
let peer: SiteHost
let watcher: Member
let browser: Member
let server: Member

beforeAll(async () => {
  const wire = site.segment()
  ;[mobile, peer] = [site.host('mobile'), site.host('peer')]
  mobile.plug(wire, { addresses: ['198.18.0.1/24'] })
  peer.plug(wire, { addresses: ['198.18.0.9/24'] })
  watcher = peer.member({ watch: true, families })
  browser = peer.member({ browse: TYPE, families })
  server = mobile.member({
    register: [{ name: 'greeter', nodes: [{ id: 'greeter-1', address: ':80' }] }],
    watch: true,
    families,
  })
  mobile.member({ advertise: [{ name: 'Box', type: TYPE, port: 80 }], families })
  await watcher.until(({ nodes }) => nodes.size === 1, PATIENCE)
  await browser.until(({ instances }) => instances.size === 1, PATIENCE)
})
afterAll(() => site.close())

/** The IPv4 addresses of the host; its link-local IPv6 address stays. */
function known(): readonly string[] {
  return browser.addressesOf('Box').filter((address) => !address.startsWith('fe80:'))
}

test.each([
  ['another one of its subnet', '198.18.0.77', ['addr del 198.18.0.1/24 dev lan0', 'addr add 198.18.0.77/24 dev lan0']],
  ['one of another subnet', '198.18.5.1', ['addr replace 198.18.5.1/24 dev lan0', 'addr del 198.18.0.77/24 dev lan0']],
  ['one of the first subnet', '198.18.0.1', ['addr flush dev lan0', 'addr add 198.18.0.1/24 dev lan0']],
])(
  'R239 updaddr, goal 11: %s takes the place of its address; it alone is known in 3 s',
  async (title, address, commands) => {
    mobile.ip(...commands)
    await Promise.all([
      browser.until(() => known().join() === `${address}%lan0`, WITHIN),
      watcher.until(({ nodes }) => nodes.get('greeter-1') === `${address}:80`, WITHIN),
    ])

    // Who comes only now is answered, and is heard.
    const name = title.replaceAll(' ', '-')
    const late = peer.member({ register: [{ name, nodes: [{ id: name, address: ':1' }] }], watch: 'greeter', families })
    await late.until(({ nodes }) => nodes.get('greeter-1') === `${address}:80`, PATIENCE)
    await server.until(({ nodes }) => nodes.has(name), PATIENCE)
  },
)

test('no service was taken for gone, and all programs end well', async () => {
  expect(watcher.results.filter(({ action }) => action === 'delete')).toEqual([])
  expect(browser.seen.filter(({ event }) => event === 'down')).toEqual([])
  expect(await site.endAll()).toEqual([])
})
