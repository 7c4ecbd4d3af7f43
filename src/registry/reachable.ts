// Owns the choice of the one address that a reader is told for a node with several.
// Does not own how addresses are heard (dnssd/resolve.ts).
import { BlockList } from 'node:net'
import type { ServiceAddress } from '../dnssd/types.ts'
import type { Link } from '../mdns/types.ts'

/**
 * The address that is most likely to work from here: IPv4 before IPv6, the own subnet before others, and link-local
 * ones last. An fe80:: address carries the interface as its zone, for it means nothing without. Undefined if there is
 * none.
 */
export function mostReachable(addresses: readonly ServiceAddress[], links: readonly Link[]): string | undefined {
  const subnets = subnetsOf(links)
  const ranked = addresses.map((heard) => ({ heard, rank: rankOf(heard, subnets) }))
  ranked.sort((a, b) => a.rank - b.rank || compareAddresses(a.heard, b.heard))
  const best = ranked[0]?.heard
  if (best === undefined) return undefined
  return isLinkLocalV6(best.address) ? `${best.address}%${best.interface}` : best.address
}

function rankOf({ address, family }: ServiceAddress, subnets: BlockList): number {
  const linkLocal = family === 4 ? address.startsWith('169.254.') : isLinkLocalV6(address)
  const near = subnets.check(address, family === 4 ? 'ipv4' : 'ipv6')
  return (linkLocal ? 4 : 0) + (family === 6 ? 2 : 0) + (near ? 0 : 1)
}

function subnetsOf(links: readonly Link[]): BlockList {
  const subnets = new BlockList()
  for (const { addresses } of links) {
    for (const { address, family, prefixLength } of addresses) {
      subnets.addSubnet(address, prefixLength, family === 4 ? 'ipv4' : 'ipv6')
    }
  }
  return subnets
}

function isLinkLocalV6(address: string): boolean {
  return /^fe[89ab]/i.test(address)
}

function compareAddresses(a: ServiceAddress, b: ServiceAddress): number {
  const [one, other] = [`${a.address}%${a.interface}`, `${b.address}%${b.interface}`]
  if (one === other) return 0
  return one < other ? -1 : 1
}
