import { expect, test } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import type { RegistryError } from '../../src/errors.ts'
import { Host } from '../../src/host/host.ts'
import type { Link } from '../../src/mdns/types.ts'
import { PortTakenError } from '../../src/net/link-socket.ts'
import { mdnsBackend } from '../../src/registry/mdns.ts'
import { VirtualClock } from '../../src/sim/clock.ts'
import { LINK, ScriptedTransport } from '../host/scripted-transport.ts'

function setUp(links: readonly Link[] = [LINK]) {
  const clock = new VirtualClock()
  const transport = new ScriptedTransport()
  const host = new Host({ clock, random: () => 0.5, transport })
  transport.opens(links)
  return { clock, transport, host }
}

function warningsOf(dnssd: Dnssd): RegistryError[] {
  const warnings: RegistryError[] = []
  dnssd.on('warning', (warning) => warnings.push(warning))
  return warnings
}

const broken = Object.assign(new Error('send ENETUNREACH'), { code: 'ENETUNREACH' })

test('a link that is well says so', () => {
  const { host } = setUp()
  const { id, interface: on, family, addresses } = LINK
  expect(new Dnssd(host).links).toEqual([{ id, interface: on, family, addresses, state: 'up', queryOnly: false }])
})

test('goal 51: where the port is taken, a program is told once, with the reason, and can see it', () => {
  const { host, transport } = setUp([{ ...LINK, unicast: false, queryOnly: true }])
  const dnssd = new Dnssd(host)
  const warnings = warningsOf(dnssd)
  const error = new PortTakenError(5353, undefined)
  transport.on?.failed(LINK.id, error)
  expect(warnings.map(({ code, cause }) => [code, cause])).toEqual([['ERR_PORT_IN_USE', error]])
  expect(warnings[0]?.message).toBe(
    'The link lan/4: UDP port 5353 is held by a program that does not share it; it is tried again every 30 seconds; ' +
      'until it ends, services can be found there but not registered',
  )
  expect(dnssd.links).toMatchObject([{ queryOnly: true, state: 'degraded', lastError: error }])
})

test('pain 28: a failure that goes on is told once, and again only after the link was well', () => {
  const { clock, host, transport } = setUp()
  const dnssd = new Dnssd(host)
  const warnings = warningsOf(dnssd)
  for (let failure = 0; failure < 100; failure += 1) transport.on?.failed(LINK.id, broken)
  expect(warnings.map(({ code }) => code)).toEqual(['ERR_LINK_FAILED'])
  expect(dnssd.links).toMatchObject([{ state: 'failed', lastError: broken }])
  dnssd.advertise({ name: 'web', type: '_http._tcp', port: 80 })
  clock.runTo(10_000)
  expect(dnssd.links).toMatchObject([{ state: 'up', lastError: broken }])
  transport.on?.failed(LINK.id, broken)
  expect(warnings).toHaveLength(2)
})

test('a registry passes it on; nobody has to listen', () => {
  const { host, transport } = setUp()
  const registry = mdnsBackend({ host: () => host }, Math.random)({})
  const warnings: RegistryError[] = []
  transport.on?.failed(LINK.id, broken)
  registry.on('warning', (warning) => warnings.push(warning))
  registry.watch()
  transport.on?.failed('lan1/4', broken)
  expect(warnings.map(({ message }) => message)).toEqual([
    'The link lan1/4 had trouble and will be tried again: send ENETUNREACH',
  ])
})

test('a listener can be taken back', () => {
  const { host, transport } = setUp()
  const dnssd = new Dnssd(host)
  const warnings: RegistryError[] = []
  const listener = (warning: RegistryError) => warnings.push(warning)
  dnssd.on('warning', listener).off('warning', listener)
  transport.on?.failed(LINK.id, broken)
  expect(warnings).toEqual([])
})
