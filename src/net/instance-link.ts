// Owns the answer to which link a multicast-dns instance is on: it joins many interfaces, and sends on one.
// Does not own the list of interfaces, nor when to look at it again.
import type { networkInterfaces } from 'node:os'
import type { Family, Link } from '../mdns/types.ts'
import { interfacesOf, type LinkCandidate, linksOf, type NetworkInterface, withoutZone } from './links.ts'

export interface InstancePlace {
  readonly family: Family
  /** The address, or `::%name`, of the interface that the instance was given; undefined if it was given none. */
  readonly interface: string | undefined
  /** An address of ours that its own datagrams were heard to come from. */
  readonly heardFrom: string | undefined
}

export interface InstanceLink {
  readonly link: Link
  readonly candidate: LinkCandidate
}

type Listing = ReturnType<typeof networkInterfaces>

/** Undefined while the interface is not there or has no address. Unicast may go to any program that has the port. */
export function instanceLink(listing: Listing, place: InstancePlace): InstanceLink | undefined {
  const on = sender(interfacesOf(listing), place)
  const interfaces = ({ name }: NetworkInterface) => name === on?.name
  const [candidate] = linksOf(listing, { interfaces, families: [place.family] })
  if (!candidate) return undefined
  const { id, family, interface: found } = candidate
  const link = { id, interface: found.name, family, addresses: found.addresses, unicast: false }
  return { link, candidate }
}

function sender(all: readonly NetworkInterface[], place: InstancePlace): NetworkInterface | undefined {
  const { interface: wanted, heardFrom } = place
  if (wanted !== undefined) return all.find((each) => isCalled(each, wanted))
  return all.find((each) => has(each, heardFrom)) ?? byDefault(all, place.family)
}

export function isOwnAddress(listing: Listing, address: string): boolean {
  return interfacesOf(listing).some((each) => has(each, address))
}

/** As an address, a name, or `::%name`, which names an interface for IPv6. */
function isCalled(each: NetworkInterface, wanted: string): boolean {
  const percent = wanted.indexOf('%')
  if (percent >= 0) return each.zone === wanted.slice(percent + 1)
  return each.name === wanted || has(each, wanted)
}

function has({ addresses }: NetworkInterface, wanted: string | undefined): boolean {
  return wanted !== undefined && addresses.some(({ address }) => address === withoutZone(wanted))
}

/** Before it is heard, the first interface that is not loopback is the best guess at what the system takes. */
function byDefault(all: readonly NetworkInterface[], family: Family): NetworkInterface | undefined {
  const able = all.filter(({ addresses }) => addresses.some((address) => address.family === family))
  const outward = able.filter(({ loopback }) => !loopback)
  const preferred = process.platform === 'darwin' ? outward.find(({ name }) => name === 'en0') : undefined
  return preferred ?? outward[0] ?? able[0]
}
