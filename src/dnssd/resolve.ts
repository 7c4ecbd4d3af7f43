// Owns how records add up to a service: which SRV, which TXT, which addresses, and what is still missing.
// Does not own the questions for them (resolver.ts). Everything here is pure.
import { GRACE } from '../mdns/cadence.ts'
import type { Heard, Link, Lookup, Random } from '../mdns/types.ts'
import { ROOT, sameName } from '../wire/name.ts'
import type { Name, RrType, SrvRr } from '../wire/types.ts'
import { byReach } from './reach.ts'
import { type InstanceParts, isLocalName } from './service-type.ts'
import { decodeTxt, sameTxt } from './txt.ts'
import type { Service, ServiceAddress, Txt } from './types.ts'

const NO_TXT: Txt = new Map()

/** All that is known at this moment, and the chance to choose between equals. */
export interface Known {
  readonly lookup: Lookup
  readonly links: readonly Link[]
  readonly random: Random
}

/** `host`: there is an SRV record, and it says that the service is decidedly not available, RFC 2782. */
export type Missing = 'SRV' | 'host' | 'address' | 'TXT' | undefined

export interface Resolution {
  readonly service: Service
  /** The first thing without which the service cannot be used yet. */
  readonly missing: Missing
  /** The host whose addresses are wanted. */
  readonly target: Name | undefined
}

/** An instance of which nothing but the name is known. */
export function bareService(fullName: Name, parts: InstanceParts): Service {
  return { ...parts, fullName, addresses: [], txt: NO_TXT }
}

/** Reads an instance out of what is known; where there is a choice, as it was read before, which is `current`. */
export function resolution(fullName: Name, parts: InstanceParts, known: Known, current?: Service): Resolution {
  const srv = chooseSrv(known.lookup(fullName, 'SRV'), known.random, current)
  const told = txtOf(fullName, known.lookup, current)
  const bare = () => ({ ...bareService(fullName, parts), ...told })
  if (srv === undefined) return { service: bare(), missing: 'SRV', target: undefined }
  if (srv.target === ROOT) return { service: bare(), missing: 'host', target: undefined }
  const { target: host, port } = srv
  const { name, type, domain } = parts
  // All of them written out: an object that is put together of others takes twice the room.
  const service = { name, type, domain, fullName, host, port, addresses: addressesOf(host, known), ...told }
  return { service, missing: missingOf(service, srv.target, known.lookup), target: srv.target }
}

/** A target outside of .local has its addresses in unicast DNS, so that none are waited for here, RFC 6762 §3. */
function missingOf(service: Service, target: Name, lookup: Lookup): Missing {
  if (service.addresses.length === 0 && isLocalName(target)) return 'address'
  if (service.txtData === undefined && !isDenied(lookup, service.fullName, 'TXT')) return 'TXT'
  return undefined
}

/** Every address that was heard for a host, once per interface, the most likely to work first, the outgoing last. */
export function addressesOf(name: Name, { lookup, links }: Known): readonly ServiceAddress[] {
  const addresses = new Map<string, ServiceAddress>()
  const standing = new Set<ServiceAddress>()
  for (const set of [lookup(name, 'A'), lookup(name, 'AAAA')]) {
    for (const heard of set) {
      const { rr, link: id } = heard
      const link = links.find((candidate) => candidate.id === id)
      if (link === undefined || (rr.type !== 'A' && rr.type !== 'AAAA')) continue
      const key = `${rr.type} ${link.interface} ${rr.address}`
      const family = rr.type === 'A' ? 4 : 6
      const address = addresses.get(key) ?? { address: rr.address, family, interface: link.interface }
      addresses.set(key, address)
      if (!isSuperseded(heard, set)) standing.add(address)
    }
  }
  const ranked = byReach([...addresses.values()], links)
  if (standing.size === ranked.length) return ranked
  return ranked.filter((each) => standing.has(each)).concat(ranked.filter((each) => !standing.has(each)))
}

/** RFC 6762 §10.2: its set was heard on the link since, without it; it stays for a second, in case it is said again. */
function isSuperseded({ rr, link, at }: Heard, set: readonly Heard[]): boolean {
  return rr.flush && set.some((other) => other.link === link && other.rr.flush && other.at - at > GRACE)
}

/** Whether the owner itself says that it has no record of this type, RFC 6762 §6.1. */
export function isDenied(lookup: Lookup, name: Name, type: RrType): boolean {
  return lookup(name, 'NSEC').some(({ rr }) => rr.type === 'NSEC' && !rr.types.includes(type))
}

/** Whether two readings of an instance are the same to a client. */
export function sameService(a: Service, b: Service): boolean {
  const sameHost = a.host === b.host || (a.host !== undefined && sameText(a.host, b.host))
  return sameHost && a.port === b.port && sameAddresses(a.addresses, b.addresses) && sameTxt(a.txtData, b.txtData)
}

function sameText(a: string, b: string | undefined): boolean {
  return b !== undefined && sameName(a as Name, b as Name)
}

/** In whatever order: a subnet of our own that changes is no news of the service. */
function sameAddresses(a: readonly ServiceAddress[], b: readonly ServiceAddress[]): boolean {
  const has = (one: ServiceAddress) =>
    b.some((each) => each.address === one.address && each.interface === one.interface)
  return a.length === b.length && a.every(has)
}

/**
 * The record to use: of the newest set those with the lowest priority, and among these by chance in proportion to the
 * weight, RFC 2782. What was chosen before stays chosen while it is among them.
 */
export function chooseSrv(heard: readonly Heard[], random: Random, current?: Service): SrvRr | undefined {
  const candidates = preferred(newestSet(heard))
  const chosen = candidates.find((srv) => srv.port === current?.port && sameText(srv.target, current?.host))
  if (chosen !== undefined) return chosen
  return byWeight(candidates, random)
}

/** A weight of zero still has a very small chance. */
function byWeight(candidates: readonly SrvRr[], random: Random): SrvRr | undefined {
  const weightOf = (srv: SrvRr) => srv.weight || 0.01
  let left = random() * candidates.reduce((sum, srv) => sum + weightOf(srv), 0)
  for (const srv of candidates) {
    left -= weightOf(srv)
    if (left < 0) return srv
  }
  return candidates[0]
}

/** A unique record replaces what was heard before; only those of the same moment are its set, RFC 6762 §10.2. */
function newestSet(heard: readonly Heard[]): readonly SrvRr[] {
  const newest = heard[0]
  const set = newest?.rr.flush ? heard.filter(({ at }) => at === newest.at) : heard
  return set.map(({ rr }) => rr).filter((rr) => rr.type === 'SRV')
}

function preferred(set: readonly SrvRr[]): readonly SrvRr[] {
  const lowest = Math.min(...set.map((srv) => srv.priority))
  return set.filter((srv) => srv.priority === lowest)
}

/** A TXT record that has gone while the instance has not is remembered: no news is no change. */
function txtOf(name: Name, lookup: Lookup, current?: Service): { readonly txt: Txt; readonly txtData?: Uint8Array } {
  const data = lookup(name, 'TXT').find(({ rr }) => rr.type === 'TXT')?.rr
  if (data?.type === 'TXT') return { txt: decodeTxt(data.data), txtData: data.data }
  return current?.txtData ? { txt: current.txt, txtData: current.txtData } : { txt: NO_TXT }
}
