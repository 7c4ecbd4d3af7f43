import { describe, expect, test } from 'vitest'
import { addressText, byReach } from '../../src/dnssd/reach.ts'
import type { ServiceAddress } from '../../src/dnssd/types.ts'
import type { Link } from '../../src/mdns/types.ts'

function linkOn(name: string, net: number): Link {
  const addresses = [
    { address: `198.18.${net}.1`, family: 4, prefixLength: 24 },
    { address: `2001:db8:${net}::1`, family: 6, prefixLength: 64 },
    { address: 'fe80::1', family: 6, prefixLength: 64 },
  ] as const
  return { id: `${name}/4`, interface: name, family: 4, unicast: true, addresses }
}

const links = [linkOn('lan0', 1), linkOn('lan1', 2)]

const heard = (address: string, name = 'lan0'): ServiceAddress => ({
  address,
  family: address.includes(':') ? 6 : 4,
  interface: name,
})

/** From the best to the worst. */
const ORDER = ['198.18.1.7', '2001:db8:1::7', '198.18.9.7', '2001:db8:9::7', '169.254.1.7', 'fe80::7']

describe('the addresses that a client should try', () => {
  test('the own subnet before others, IPv4 before IPv6, link-local last', () => {
    for (let from = 0; from < ORDER.length; from++) {
      const addresses = ORDER.slice(from).map((address) => heard(address))
      const expected = ORDER.slice(from)
      expect(byReach(addresses, links).map(({ address }) => address)).toEqual(expected)
      expect(byReach(addresses.toReversed(), links).map(({ address }) => address)).toEqual(expected)
    }
  })

  test('an address counts as near only on the link that it was heard on', () => {
    const addresses = [heard('198.18.2.7', 'lan0'), heard('198.18.2.8', 'lan1'), heard('198.18.1.7', 'lan1')]
    expect(byReach(addresses, links).map(addressText)).toEqual(['198.18.2.8', '198.18.1.7', '198.18.2.7'])
  })

  test('a link that changes its addresses is looked at anew', () => {
    const addresses = [heard('198.18.1.7'), heard('198.18.3.7')]
    const [moved] = [linkOn('lan0', 3)]
    expect(byReach(addresses, links)[0]?.address).toBe('198.18.1.7')
    expect(byReach(addresses, [moved])[0]?.address).toBe('198.18.3.7')
  })

  test('an fe80:: address carries its interface, and only such a one', () => {
    const addresses = [heard('fe80::7', 'lan1'), heard('fe80::7', 'lan0')]
    expect(byReach(addresses, links).map(addressText)).toEqual(['fe80::7%lan0', 'fe80::7%lan1'])
    expect(addressText(heard('2001:db8:1::7'))).toBe('2001:db8:1::7')
  })

  test('equals are told apart by their text, whichever came first', () => {
    for (const pair of [
      ['198.18.1.9', '198.18.1.10'],
      ['198.18.1.10', '198.18.1.9'],
    ]) {
      expect(
        byReach(
          pair.map((address) => heard(address)),
          links,
        )[0]?.address,
      ).toBe('198.18.1.10')
    }
  })
})
