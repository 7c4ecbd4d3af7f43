import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { type InterfaceSelection, interfacesFromEnvironment, linksOf } from '../../src/net/links.ts'

function listed(cidr: string, internal = false): NetworkInterfaceInfo {
  const address = cidr.slice(0, cidr.indexOf('/'))
  const common = { address, netmask: '', mac: '02:00:00:00:00:01', internal, cidr }
  return cidr.includes(':') ? { ...common, family: 'IPv6', scopeid: 7 } : { ...common, family: 'IPv4' }
}

const LO = [listed('127.0.0.1/8', true), listed('::1/128', true)]
const LAN = [listed('198.18.0.1/24'), listed('2001:db8::1/64'), listed('fe80::1/64')]
const VETH = [listed('fe80::2/64')]
const DOCKER = [listed('198.18.9.1/16')]
const WG = [listed('198.18.5.1/32')]
const TUN = [listed('198.18.6.1/24')]
const MACHINE = { lo: LO, lan0: LAN, veth1a: VETH, docker0: DOCKER, vpn: WG, tun0: TUN }

function ids(interfaces?: InterfaceSelection, families?: readonly (4 | 6)[]): string[] {
  return linksOf(MACHINE, { interfaces, families }).map(({ id }) => id)
}

test('R2 grp6, R270 iflo: every interface but loopback and point-to-point ones, veth and Docker included', () => {
  expect(ids()).toEqual(['lan0/4', 'lan0/6', 'veth1a/6', 'docker0/4'])
  expect(ids('all')).toEqual(ids())
})

test('R270 iflo: loopback alone when there is nothing else', () => {
  const links = linksOf({ lo: LO, tun0: TUN })
  expect(new Set(links.map((link) => link.interface.name))).toEqual(new Set(['lo']))
  expect(links.map(({ address }) => address)).toContain('127.0.0.1')
  expect(linksOf({})).toEqual([])
})

test('R270 iflo: an interface without a hardware address is a tunnel, whatever its name and its prefix', () => {
  const bare = [{ ...listed('198.18.7.1/24'), mac: '00:00:00:00:00:00' }]
  expect(linksOf({ lan0: LAN, office: bare }, { families: [4] }).map(({ id }) => id)).toEqual(['lan0/4'])
  expect(linksOf({ lan0: LAN, office: bare }, { interfaces: 'office' }).map(({ id }) => id)).toEqual(['office/4'])
})

test('R270 iflo: loopback and tunnels when they are asked for', () => {
  expect(ids('loopback')).toContain('lo/4')
  expect(ids('tun0')).toEqual(['tun0/4'])
  expect(ids(['all', 'vpn'])).toEqual([...ids(), 'vpn/4'])
  expect(ids(/^(tun|vpn)/)).toEqual(['vpn/4', 'tun0/4'])
  expect(ids(({ pointToPoint }) => pointToPoint)).toEqual(['vpn/4', 'tun0/4'])
})

test('an interface is chosen by name, address, pattern or predicate', () => {
  expect(ids('docker0')).toEqual(['docker0/4'])
  expect(ids('198.18.0.1')).toEqual(['lan0/4', 'lan0/6'])
  expect(ids(['fe80::2', 'docker0'])).toEqual(['veth1a/6', 'docker0/4'])
  expect(ids('no-such-interface')).toEqual([])
  expect(ids(/lan/g)).toEqual(['lan0/4', 'lan0/6'])
  expect(ids(({ name }) => name === 'lan0')).toEqual(['lan0/4', 'lan0/6'])
})

test('only the families that are asked for', () => {
  expect(ids('lan0', [4])).toEqual(['lan0/4'])
  expect(ids('lan0', [6])).toEqual(['lan0/6'])
})

test('R172 addrall, R173 addronly: a link has the addresses of its interface, of both families, and no other', () => {
  for (const link of linksOf(MACHINE, { interfaces: 'lan0' })) {
    expect(link.interface.addresses).toEqual([
      { address: '198.18.0.1', family: 4, prefixLength: 24 },
      { address: '2001:db8::1', family: 6, prefixLength: 64 },
      { address: 'fe80::1', family: 6, prefixLength: 64 },
    ])
  }
})

test('an IPv6 link sends from its link-local address, without a zone in it', () => {
  const [link] = linksOf({ lan0: [listed('2001:db8::1/64'), listed('fe80::1%lan0/64')] })
  expect(link?.address).toBe('fe80::1')
})

test('an alias is not another link', () => {
  const links = linksOf({ lan0: LAN, 'lan0:vip': [listed('198.18.0.99/32')] }, { families: [4] })
  expect(links.map(({ id }) => id)).toEqual(['lan0/4'])
  expect(links[0]?.interface.addresses).toContainEqual({ address: '198.18.0.99', family: 4, prefixLength: 32 })
})

test('MDNS_REGISTRY_INTERFACES is a list with commas', () => {
  expect(interfacesFromEnvironment({ MDNS_REGISTRY_INTERFACES: 'lan0, 198.18.9.1,' })).toEqual(['lan0', '198.18.9.1'])
  expect(interfacesFromEnvironment({ MDNS_REGISTRY_INTERFACES: '' })).toBeUndefined()
  expect(interfacesFromEnvironment({})).toBeUndefined()
})
