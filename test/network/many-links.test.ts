// More links than one socket may join groups on: each of them works, and is told from all others.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CliProcess, until } from '../cli/cli-process.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

/** Linux lets a socket join on 20 unless `igmp_max_memberships` says otherwise. */
const LINKS = 25
const PATIENCE = 15_000
const TYPE = '_http._tcp'
const numbers = Array.from({ length: LINKS }, (_, index) => index + 1)
const links = numbers.flatMap((number) => [4, 6].map((family) => `lan${number}/${family}`)).sort()

const site = new Site()
let hub: SiteHost
let rim: SiteHost

beforeAll(() => {
  ;[hub, rim] = [site.host('hub'), site.host('rim')]
  expect(hub.exec('cat', '/proc/sys/net/ipv4/igmp_max_memberships').trim()).toBe('20')
  for (const number of numbers) hub.ip(`link add lan${number} type veth peer name lan${number} netns ${rim.name}`)
  for (const [index, host] of [hub, rim].entries()) {
    host.ip(...numbers.map((number) => `addr add 198.18.${number}.${index + 1}/24 dev lan${number}`))
    host.ip(...numbers.map((number) => `link set lan${number} up`))
  }
})
afterAll(() => site.close())

test('25 interfaces are 50 links; what is sent on one is heard on it at both ends, once, and on no other', async () => {
  const listeners = [hub, rim].map((host) => host.start('listener.mjs', host.role))
  for (const listener of listeners) expect(await hasLinks(listener)).toBe(true)
  const each = links.flatMap((link) => [`${link} hub ${link}`, `${link} rim ${link}`])
  // Twice: what the first round brought to a wrong link is there before the second is over.
  for (const expected of [each, [...each, ...each]]) {
    for (const listener of listeners) listener.child.kill('SIGUSR2')
    for (const listener of listeners) {
      await until(() => heard(listener).length >= expected.length || undefined, PATIENCE)
      expect(heard(listener)).toEqual([...expected].sort())
    }
  }
  for (const { lines } of listeners) expect(lines.filter(({ event }) => event === 'failed')).toEqual([])
  expect(await site.endAll()).toEqual([])
})

test('a service is found on the twenty-fifth link, and with the address that belongs there', async () => {
  rim.ip(...numbers.slice(0, -1).map((number) => `link set lan${number} down`))
  const [inner, outer] = [hub, rim].map((host, index) => {
    return host.member({ browse: TYPE, advertise: [{ name: host.role, type: TYPE, port: 1 + index }] })
  })
  await inner?.until((member) => member.addressesOf('rim')[0] === '198.18.25.2%lan25', PATIENCE)
  await outer?.until((member) => member.addressesOf('hub')[0] === '198.18.25.1%lan25', PATIENCE)
  for (const member of [inner, outer]) {
    const others = member
      ?.addressesOf(member === inner ? 'rim' : 'hub')
      .filter((address) => !address.endsWith('%lan25'))
    expect(others).toEqual([])
  }
  expect(await site.endAll()).toEqual([])
})

function hasLinks(listener: CliProcess): Promise<boolean | undefined> {
  const ids = () => (listener.lines.findLast(({ event }) => event === 'links')?.ids ?? []) as readonly string[]
  return until(() => [...ids()].sort().join() === links.join() || undefined, PATIENCE)
}

function heard(listener: CliProcess): readonly string[] {
  const told = listener.lines.filter(({ event }) => event === 'heard')
  return told.map(({ link, text }) => `${link} ${text}`).sort()
}
