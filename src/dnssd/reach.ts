// Owns the order in which a client should try the addresses of a host, and how each is written.
// Does not own how addresses are heard (resolve.ts).
import { Subnets } from '../mdns/subnets.ts'
import type { Link } from '../mdns/types.ts'
import { isLinkLocal6 } from '../wire/address.ts'
import type { ServiceAddress } from './types.ts'

/** Most links stay what they are for as long as they are there. */
const subnetsByLink = new WeakMap<Link, Subnets>()

/**
 * The most likely to work from here first: those in a subnet of the link that they were heard on, then others, then
 * link-local ones; IPv4 before IPv6 in each. The order does not depend on when they were heard.
 */
export function byReach(addresses: readonly ServiceAddress[], links: readonly Link[]): readonly ServiceAddress[] {
  if (addresses.length < 2) return addresses
  const ranked = addresses.map((heard) => {
    return { heard, rank: rankOf(heard, links), text: `${heard.address}%${heard.interface}` }
  })
  return ranked.sort((a, b) => a.rank - b.rank || compareTexts(a.text, b.text)).map(({ heard }) => heard)
}

/** As it can be connected to: an fe80:: address carries its interface, for it means nothing without, RFC 4007 §11. */
export function addressText({ address, interface: on }: ServiceAddress): string {
  return isLinkLocal6(address) ? `${address}%${on}` : address
}

function rankOf(heard: ServiceAddress, links: readonly Link[]): number {
  const { address, family } = heard
  const six = family === 6 ? 1 : 0
  if (family === 4 ? address.startsWith('169.254.') : isLinkLocal6(address)) return 4 + six
  return (isNear(heard, links) ? 0 : 2) + six
}

function isNear({ address, interface: on }: ServiceAddress, links: readonly Link[]): boolean {
  return links.some((link) => link.interface === on && subnetsOf(link).contains(address))
}

function subnetsOf(link: Link): Subnets {
  const subnets = subnetsByLink.get(link) ?? new Subnets(link.addresses)
  subnetsByLink.set(link, subnets)
  return subnets
}

function compareTexts(a: string, b: string): number {
  return Number(a > b) - Number(a < b)
}
