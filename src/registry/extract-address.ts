// Owns which address of this machine stands for all of them, where a single one is needed.
// Does not own `host:port` (address.ts) nor the links of mDNS, which publish all addresses (net/links.ts).
import { BlockList, isIP } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { RegistryError } from '../errors.ts'

/** No host, or one that stands for all, with or without a port. */
const WILDCARD = /^(?:\*|0\.0\.0\.0|\[::\])?(:\d+)?$/

const privateNets = new BlockList()
privateNets.addSubnet('10.0.0.0', 8, 'ipv4')
privateNets.addSubnet('172.16.0.0', 12, 'ipv4')
privateNets.addSubnet('192.168.0.0', 16, 'ipv4')
privateNets.addSubnet('fc00::', 7, 'ipv6')
const linkLocal = new BlockList()
linkLocal.addSubnet('fe80::', 10, 'ipv6')

/**
 * `address`, a host or `host:port`, as it is, unless the host is empty or a wildcard: then with an address of this
 * machine, the first that is private, else public, else loopback. For backends that register at a directory
 * which needs an IP address. Throws ERR_NO_ADDRESS.
 */
export function extractAddress(
  address: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string {
  if (address === '::') return ownAddress(interfaces)
  const [matched, port = ''] = WILDCARD.exec(address) ?? []
  if (matched === undefined) return address
  const own = ownAddress(interfaces)
  return port !== '' && isIP(own) === 6 ? `[${own}]${port}` : `${own}${port}`
}

function ownAddress(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  const infos = Object.values(interfaces).flatMap((infos) => infos ?? [])
  const [best] = infos.toSorted((a, b) => rankOf(a) - rankOf(b))
  if (best) return best.address
  throw new RegistryError(
    'ERR_NO_ADDRESS',
    'This machine has no IP address to register; bring an interface up, or give the address of the node in full',
  )
}

/** A link-local address means little to others without the name of their own interface, so it comes late. */
function rankOf({ address, family, internal }: NetworkInterfaceInfo): number {
  const type = family === 'IPv4' ? 'ipv4' : 'ipv6'
  if (internal) return 3
  if (linkLocal.check(address, type)) return 2
  return privateNets.check(address, type) ? 0 : 1
}
