// Owns the choice of links: which interfaces are used, in which families, with which addresses.
// Does not own sockets, nor when to look again; it is a pure function of what the operating system lists.
import type { NetworkInterfaceInfo } from 'node:os'
import type { Family, LinkAddress } from '../mdns/types.ts'
import { isLinkLocal6 } from '../wire/address.ts'

/** An interface that is up, as a predicate sees it. */
export interface NetworkInterface {
  readonly name: string
  readonly loopback: boolean
  /** A tunnel or VPN, as far as its name, its prefixes and the lack of a hardware address tell. */
  readonly pointToPoint: boolean
  readonly addresses: readonly LinkAddress[]
  /** What follows the `%` of a scoped address: the name, except on Windows, where it is a number. */
  readonly zone: string
  /** Changes when the interface is replaced by another one of the same name. */
  readonly identity: string
}

/**
 * `all` is every interface that is neither loopback nor point-to-point, or loopback alone when there is no other.
 * `loopback` is loopback; any other string is the name of an interface or one of its addresses.
 */
export type InterfaceSelection = string | readonly string[] | RegExp | ((networkInterface: NetworkInterface) => boolean)

export interface LinkSelection {
  /** Default `all`. */
  readonly interfaces?: InterfaceSelection | undefined
  /** Default both. */
  readonly families?: readonly Family[] | undefined
}

/** A link that could be opened. */
export interface LinkCandidate {
  readonly id: string
  readonly interface: NetworkInterface
  readonly family: Family
  /** The interface's own address that the link sends from; for IPv6 the link-local one where there is one. */
  readonly address: string
}

type Listing = NodeJS.Dict<NetworkInterfaceInfo[]>

/** Measured: Linux delivers no IPv6 multicast on loopback, even where a route for it is added by hand. */
const LOOPBACK_FAMILIES: readonly Family[] = process.platform === 'linux' ? [4] : [4, 6]

const TUNNEL_NAME = /^(?:tun|utun|wg|ppp|ipsec|tailscale|zt|gif|stf|awdl|llw|gre|sit|ipip|ip6tnl|vti)\d*/i
const NO_HARDWARE_ADDRESS = '00:00:00:00:00:00'
/** Android keeps the hardware addresses of all interfaces to itself. */
const HIDES_HARDWARE_ADDRESSES = process.platform === 'android'

/** The links of one `os.networkInterfaces()`: one for each chosen interface and family, RFC 6762 §14, §20. */
export function linksOf(listing: Listing, selection: LinkSelection = {}): readonly LinkCandidate[] {
  const families = selection.families ?? [4, 6]
  const chosen = chosenInterfaces(interfacesOf(listing), selection.interfaces ?? 'all')
  return chosen.flatMap((networkInterface) =>
    families.flatMap((family) => {
      const address = ownAddress(networkInterface, family)
      const mute = networkInterface.loopback && !LOOPBACK_FAMILIES.includes(family)
      return address === undefined || mute
        ? []
        : [{ id: `${networkInterface.name}/${family}`, interface: networkInterface, family, address }]
    }),
  )
}

/** The interfaces of a listing; an alias such as `lan0:1` belongs to `lan0`, because it is the same wire. */
export function interfacesOf(listing: Listing): readonly NetworkInterface[] {
  const infosByName = new Map<string, NetworkInterfaceInfo[]>()
  for (const [label, infos] of Object.entries(listing)) {
    const base = label.replace(/:\w+$/, '')
    const name = base in listing ? base : label
    infosByName.set(name, [...(infosByName.get(name) ?? []), ...(infos ?? [])])
  }
  return [...infosByName].map(([name, infos]) => interfaceOf(name, infos))
}

function interfaceOf(name: string, infos: readonly NetworkInterfaceInfo[]): NetworkInterface {
  const addresses = infos.map(linkAddress)
  const loopback = infos.some((info) => info.internal)
  const hardwareless = !HIDES_HARDWARE_ADDRESSES && infos.every(({ mac }) => mac === NO_HARDWARE_ADDRESS)
  const hostOnly = addresses.every(({ family, prefixLength }) => prefixLength === (family === 4 ? 32 : 128))
  const scopes = infos.flatMap((info) => (info.family === 'IPv6' ? [info.scopeid] : []))
  return {
    name,
    loopback,
    pointToPoint: !loopback && (hostOnly || hardwareless || TUNNEL_NAME.test(name)),
    addresses,
    zone: process.platform === 'win32' ? String(scopes.find((scope) => scope > 0) ?? 0) : name,
    identity: [infos[0]?.mac, ...scopes].join(' '),
  }
}

function linkAddress(info: NetworkInterfaceInfo): LinkAddress {
  const family = info.family === 'IPv4' ? 4 : 6
  const longest = family === 4 ? 32 : 128
  const prefixLength = Number(info.cidr?.split('/')[1] ?? longest)
  return { address: withoutZone(info.address), family, prefixLength }
}

/** Loopback and point-to-point interfaces are used only when they are asked for, or when nothing else is there. */
function chosenInterfaces(
  all: readonly NetworkInterface[],
  selection: InterfaceSelection,
): readonly NetworkInterface[] {
  if (typeof selection === 'function') return all.filter((networkInterface) => selection(networkInterface))
  if (selection instanceof RegExp) return all.filter(({ name }) => name.search(selection) >= 0)
  const wanted = [selection].flat()
  const ordinary = all.filter(({ loopback, pointToPoint }) => !loopback && !pointToPoint)
  const byDefault = ordinary.length > 0 ? ordinary : all.filter(({ loopback }) => loopback)
  return all.filter((networkInterface) =>
    wanted.some((word) => {
      if (word === 'all') return byDefault.includes(networkInterface)
      if (word === 'loopback') return networkInterface.loopback
      return word === networkInterface.name || networkInterface.addresses.some(({ address }) => address === word)
    }),
  )
}

/** The link-local address is the one that every IPv6 neighbour can answer to. */
function ownAddress(networkInterface: NetworkInterface, family: Family): string | undefined {
  const own = networkInterface.addresses.filter((address) => address.family === family)
  const linkLocal = family === 6 ? own.find(({ address }) => isLinkLocal6(address)) : undefined
  return (linkLocal ?? own[0])?.address
}

export function withoutZone(address: string): string {
  const percent = address.indexOf('%')
  return percent < 0 ? address : address.slice(0, percent)
}

/** What MDNS_REGISTRY_INTERFACES asks for: names, addresses, `all` or `loopback`, separated by commas. */
export function interfacesFromEnvironment(environment: NodeJS.Dict<string>): readonly string[] | undefined {
  const words = (environment.MDNS_REGISTRY_INTERFACES ?? '').split(',').map((word) => word.trim())
  const named = words.filter((word) => word !== '')
  return named.length > 0 ? named : undefined
}
