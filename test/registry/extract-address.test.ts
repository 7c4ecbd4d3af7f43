// One address for a wildcard, as addr.Extract of go-micro finds it.
import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { extractAddress } from '../../src/index.ts'

const LOCAL = '127.0.0.1'
const LOCAL6 = '::1'
const PRIVATE = '10.0.0.1'
const PRIVATE6 = 'fd00::1'
const PUBLIC = '100.0.0.1'
const PUBLIC6 = '2001:db8::1'
const LINK_LOCAL = 'fe80::1'

/** Each address on an interface of its own. */
function interfacesWith(addresses: readonly string[]): NodeJS.Dict<NetworkInterfaceInfo[]> {
  return Object.fromEntries(addresses.map((address, index) => [`lan${index}`, [infoOf(address)]]))
}

function infoOf(address: string): NetworkInterfaceInfo {
  const internal = address === LOCAL || address === LOCAL6
  const common = { address, internal, netmask: '', mac: '02:00:00:00:00:01', cidr: null }
  return isIP(address) === 4 ? { ...common, family: 'IPv4' } : { ...common, family: 'IPv6', scopeid: 0 }
}

describe('TestFindIP: among', () => {
  test.each([
    [[LOCAL], LOCAL],
    [[LOCAL, LOCAL6], LOCAL],
    [[LOCAL6], LOCAL6],
    [[PRIVATE, LOCAL], PRIVATE],
    [[PRIVATE, PUBLIC, LOCAL], PRIVATE],
    [[PUBLIC, PRIVATE, LOCAL], PRIVATE],
    [[PUBLIC, LOCAL], PUBLIC],
    [[PUBLIC, PUBLIC6, LOCAL], PUBLIC],
    [[PUBLIC6, PUBLIC, LOCAL], PUBLIC6],
    [[LOCAL, PUBLIC6, PRIVATE6], PRIVATE6],
    [[LOCAL, PUBLIC, PRIVATE, PRIVATE6], PRIVATE],
    [[LINK_LOCAL, PUBLIC, LOCAL], PUBLIC],
    [[LOCAL, LINK_LOCAL], LINK_LOCAL],
  ])('%j it is %s', (addresses, expected) => {
    expect(extractAddress('', interfacesWith(addresses))).toBe(expected)
  })

  test('none it is an error', () => {
    const error = expect.objectContaining({ name: 'RegistryError', code: 'ERR_NO_ADDRESS' })
    expect(() => extractAddress('0.0.0.0', {})).toThrow(error)
    expect(() => extractAddress('0.0.0.0', { lan0: [] })).toThrow(error)
  })
})

describe('TestExtractor:', () => {
  test.each(['127.0.0.1', '10.0.0.1', '198.18.0.1:80', '[2001:db8::1]:80', '::1', 'box.local:80', 'box'])(
    '%s stays as it is',
    (address) => {
      expect(extractAddress(address, {})).toBe(address)
    },
  )

  test.each(['', '*', '0.0.0.0', '[::]', '::'])("'%s' becomes an address, with its port if it has one", (host) => {
    expect(extractAddress(host, interfacesWith([PRIVATE]))).toBe(PRIVATE)
    expect(extractAddress(host, interfacesWith([PRIVATE6]))).toBe(PRIVATE6)
    if (host === '::') return
    expect(extractAddress(`${host}:80`, interfacesWith([PRIVATE]))).toBe(`${PRIVATE}:80`)
    expect(extractAddress(`${host}:80`, interfacesWith([PRIVATE6]))).toBe(`[${PRIVATE6}]:80`)
  })

  test('the interfaces are those of this machine unless they are given', () => {
    expect(isIP(extractAddress(''))).toBeGreaterThan(0)
  })
})
