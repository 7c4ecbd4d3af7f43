import { describe, expect, test } from 'vitest'
import type { ServiceAddress } from '../../src/dnssd/types.ts'
import type { Link } from '../../src/mdns/types.ts'
import { mostReachable } from '../../src/registry/reachable.ts'

const links: readonly Link[] = [
  {
    id: 'lan0/4',
    interface: 'lan0',
    family: 4,
    unicast: true,
    addresses: [
      { address: '198.18.0.1', family: 4, prefixLength: 24 },
      { address: '2001:db8:1::1', family: 6, prefixLength: 64 },
      { address: 'fe80::1', family: 6, prefixLength: 64 },
    ],
  },
]

const heard = (address: string, name = 'lan0'): ServiceAddress => ({
  address,
  family: address.includes(':') ? 6 : 4,
  interface: name,
})

/** From the best to the worst. */
const ORDER = ['198.18.0.7', '198.18.9.7', '2001:db8:1::7', '2001:db8:2::7', '169.254.1.7', 'fe80::7']

describe('the address that a reader is told', () => {
  test('IPv4 before IPv6, the own subnet before others, link-local last', () => {
    for (let from = 0; from < ORDER.length - 1; from++) {
      const addresses = ORDER.slice(from).map((address) => heard(address))
      expect(mostReachable(addresses, links)).toBe(ORDER[from])
      expect(mostReachable(addresses.reverse(), links)).toBe(ORDER[from])
    }
  })

  test('an fe80:: address that is alone carries its interface', () => {
    expect(mostReachable([heard('fe80::7', 'lan1'), heard('fe80::7', 'lan0')], links)).toBe('fe80::7%lan0')
  })

  test('none at all is undefined', () => {
    expect(mostReachable([], links)).toBeUndefined()
  })

  test('equals are told apart by their text, whichever came first', () => {
    expect(mostReachable([heard('198.18.0.9'), heard('198.18.0.10')], links)).toBe('198.18.0.10')
    expect(mostReachable([heard('198.18.0.10'), heard('198.18.0.9')], links)).toBe('198.18.0.10')
  })
})
