// Owns what a response says in go-micro's terms: the services that it lists, the nodes that are there or have left.
// Does not own what becomes of it (micro-directory.ts, micro-questions.ts).
import type { Family } from '../mdns/types.ts'
import { foldName, isWithin } from '../wire/name.ts'
import { CLASS_IN, type Message, type Name, type Rr, type SrvRr, type TxtRr } from '../wire/types.ts'
import { MICRO_LIMITS } from './limits.ts'
import { type MicroNaming, serviceOf } from './micro-name.ts'

/** A node that somebody says is there. */
export interface Sighting {
  readonly name: Name
  readonly port: number
  readonly txt: Uint8Array
  readonly addresses: readonly { readonly address: string; readonly family: Family }[]
  /** Seconds. */
  readonly ttl: number
}

export interface Reading {
  readonly listed: readonly string[]
  readonly sightings: readonly Sighting[]
  readonly goodbyes: readonly Name[]
}

/** Of a node that listens at every address of its host the record has the wildcard itself. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** `from` is the address of whoever says it, which stands for a wildcard. */
export function readResponse(message: Message, naming: MicroNaming, from: string): Reading {
  const records = [...message.answers, ...message.additionals].filter((rr) => rr.class === CLASS_IN)
  const { root, list } = naming
  const texts = new Map(records.filter((rr) => rr.type === 'TXT').map((rr) => [foldName(rr.name), rr]))
  const sightings: Sighting[] = []
  const goodbyes: Name[] = []
  for (const srv of records) {
    if (srv.type !== 'SRV' || !isWithin(srv.name, root) || isWithin(srv.name, list)) continue
    const txt = texts.get(foldName(srv.name))
    if (srv.ttl === 0 || txt?.ttl === 0) goodbyes.push(srv.name)
    else if (txt) sightings.push(...sightingOf(srv, txt, addressesOf(srv.target, records, from)))
  }
  return { listed: listedIn(records, naming), sightings, goodbyes }
}

/** Without a port or an address nobody can reach it. */
function sightingOf(srv: SrvRr, { data, ttl }: TxtRr, addresses: Sighting['addresses']): readonly Sighting[] {
  if (srv.port === 0 || addresses.length === 0) return []
  return [{ name: srv.name, port: srv.port, txt: data, addresses, ttl: Math.min(srv.ttl, ttl) }]
}

function addressesOf(host: Name, records: readonly Rr[], from: string): Sighting['addresses'] {
  const folded = foldName(host)
  const addresses = new Set<string>()
  for (const rr of records) {
    if ((rr.type !== 'A' && rr.type !== 'AAAA') || foldName(rr.name) !== folded) continue
    addresses.add(WILDCARDS.has(rr.address) ? from : rr.address)
  }
  return [...addresses]
    .slice(0, MICRO_LIMITS.addresses)
    .map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}

function listedIn(records: readonly Rr[], { list, domain }: MicroNaming): readonly string[] {
  const folded = foldName(list)
  return records.flatMap((rr) => {
    if (rr.type !== 'PTR' || rr.ttl === 0 || foldName(rr.name) !== folded) return []
    return serviceOf(rr.target, domain) ?? []
  })
}
