// A multicast-dns instance on wires of its own: over IPv6, and where the operating system chooses the wire.
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDnssd, type Dnssd } from '../../src/dnssd.ts'
import { multicastDns } from '../../src/net/multicast-dns.ts'
import { until } from '../cli/cli-process.ts'
import { type Instance, makeInstance } from '../net/multicast-dns-program.ts'
import { Recorder } from '../net/recorder.ts'

const DEADLINE = 10_000

beforeAll(async () => {
  ip('link add sharea type veth peer name shareb')
  ip('link add sharec type veth peer name shared')
  for (const name of ['sharea', 'shareb', 'sharec', 'shared']) ip(`link set ${name} up`)
  ip('addr add 198.18.3.1/24 dev sharea')
  ip('addr add 198.18.4.1/24 dev sharec')
  await until(() => (ip('-6 addr show tentative').includes('share') ? undefined : true), DEADLINE)
})

afterAll(() => {
  ip('link del sharea')
  ip('link del sharec')
})

test.each(['socket', 'packets'])('IPv6, through its %s: both ends of a wire find each other', async (way) => {
  const socket = way === 'socket' ? createSocket({ type: 'udp6', reuseAddr: true }) : undefined
  const options = { type: 'udp6', ip: 'ff02::fb', interface: '::%sharea', ...(socket && { socket }) } as const
  const instance = makeInstance({ ...options, bind: '::' })
  const here = createDnssd({ transport: multicastDns(instance, options) })
  const there = createDnssd({ interfaces: 'shareb', families: [6] })
  const heardHere = events(here)
  const heardThere = events(there)
  await Promise.all([
    here.advertise({ name: 'Here v1.2', type: '_http._tcp', port: 1 }).ready,
    there.advertise({ name: 'There v1.2', type: '_http._tcp', port: 2 }).ready,
  ])
  await until(() => (heardHere.length >= 2 && heardThere.length >= 2) || undefined, DEADLINE)
  expect(new Set(heardHere)).toEqual(new Set(['up Here v1.2 fe80 sharea', 'up There v1.2 fe80 sharea']))
  expect(new Set(heardThere)).toEqual(new Set(['up Here v1.2 fe80 shareb', 'up There v1.2 fe80 shareb']))
  await here.close()
  expect(await until(() => heardThere.find((event) => event.startsWith('down Here v1.2')), DEADLINE)).toBeDefined()
  await there.close()
  await destroyed(instance)
})

test.each(['socket', 'packets'])(
  'IPv4, through its %s: where the system chooses the wire, its echo tells which',
  async (way) => {
    ip('route add 224.0.0.0/4 dev sharec')
    const socket = way === 'socket' ? createSocket({ type: 'udp4', reuseAddr: true }) : undefined
    const instance = makeInstance(socket ? { socket } : {})
    const transport = multicastDns(instance, { socket })
    const recorder = new Recorder()
    await transport.open(recorder)
    expect(recorder.ids).toEqual(['sharea/4'])
    transport.send({
      link: 'sharea/4',
      to: 'group',
      bytes: new Uint8Array([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]),
    })
    await recorder.until(() => recorder.ids.includes('sharec/4'))
    await transport.close()
    await destroyed(instance)
    ip('route del 224.0.0.0/4 dev sharec')
  },
)

function events(dnssd: Dnssd): string[] {
  const heard: string[] = []
  const browser = dnssd.browse('_http._tcp')
  browser.on('up', ({ name, addresses: [first] }) => {
    heard.push(`up ${name} ${first?.address.slice(0, 4)} ${first?.interface}`)
  })
  browser.on('down', ({ name }, reason) => heard.push(`down ${name} ${reason}`))
  return heard
}

function destroyed(instance: Instance): Promise<void> {
  return new Promise((resolve) => instance.destroy(resolve))
}

function ip(words: string): string {
  return execFileSync('ip', words.split(' '), { encoding: 'utf8' })
}
