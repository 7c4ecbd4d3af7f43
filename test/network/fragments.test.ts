// A wire that carries 1,280 bytes and drops all fragments, as tunnels and some radios do: everything fits all the same.
import { afterAll, expect, test } from 'vitest'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const SERVICES = 100
const MTU = 1280
const STARTS_WITHIN = 20_000
/** Goal 63. */
const FOUND_WITHIN = 5_000

const site = new Site()
afterAll(() => site.close())

test('goal 63: over an MTU of 1,280 without fragments 100 services are found in 5 s', async () => {
  const wire = site.segment()
  const [server, client] = [site.host('server'), site.host('client')]
  for (const [index, host] of [server, client].entries()) {
    host.plug(wire, { addresses: [`198.18.0.${index + 1}/24`] })
    host.ip(`link set lan0 mtu ${MTU}`)
    // Before anything is put together again.
    host.exec('iptables', '-t', 'raw', '-A', 'PREROUTING', '-f', '-j', 'DROP')
    host.exec('ip6tables', '-t', 'raw', '-A', 'PREROUTING', '-m', 'frag', '-j', 'DROP')
  }
  const many = server.start('many-services.mjs', `${SERVICES}`)
  const early = await client.member({ watch: true }).has('started')
  await early.until(({ nodes }) => nodes.size === SERVICES, STARTS_WITHIN)
  for (const family of [4, 6] as const) {
    const late = await client.member({ watch: true, families: [family] }).has('started')
    await late.until(({ nodes }) => nodes.size === SERVICES, FOUND_WITHIN)
  }
  expect(fragments(server)).toEqual(['0', '0'])
  await many.stop()
  expect(await site.endAll()).toEqual([])
})

/** Fragments that the host has made, in either family. */
function fragments(host: SiteHost): readonly (string | undefined)[] {
  const text = host.exec('cat', '/proc/net/snmp', '/proc/net/snmp6')
  const four = /^Ip: (?:\d+ ){18}(\d+)/m.exec(text)?.[1]
  return [four, /^Ip6FragCreates\s+(\d+)/m.exec(text)?.[1]]
}
