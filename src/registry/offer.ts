// Owns how a registry node is advertised: its service type, its subtype, and where its SRV record points.
// Does not own its TXT record (node-txt.ts) nor the records as such (dnssd/records.ts).
import { createHash } from 'node:crypto'
import type { AdvertiseOptions } from '../dnssd/types.ts'
import { type NodeAddress, parseAddress } from './address.ts'
import { foldLabel } from './label.ts'
import { describeNode, encodeNode } from './node-txt.ts'
import type { Service } from './types.ts'

export const SERVICE_TYPE = '_mdns-registry._tcp'

/** Seconds, for every record of a node that has no ttl of its own: all of them end together. */
const DEFAULT_TTL = 120
/** A record is multicast once a second at most, RFC 6762 §6: one with a shorter life could not be kept alive. */
const LEAST_TTL = 3
const MAX_SLUG = 50

export interface OfferOptions {
  /** Seconds. */
  readonly ttl?: number | undefined
  readonly probe?: boolean
}

/** `service` has exactly one node. */
export function offerOf(service: Service, { ttl = DEFAULT_TTL, probe = true }: OfferOptions = {}): AdvertiseOptions {
  const { id = '', address: text = '' } = service.nodes[0] ?? {}
  const address = parseAddress(text)
  return {
    name: id,
    type: SERVICE_TYPE,
    port: address.port,
    txt: encodeNode(describeNode(service)),
    subtypes: [service.name],
    ttl: Math.max(ttl, LEAST_TTL),
    rename: false,
    probe,
    ...targetOf(id, address),
  }
}

/** Whether one can become the other by a new TXT record and a new port alone. */
export function isUpdatable(from: Service, to: Service): boolean {
  const [before, after] = [from, to].map((service) => {
    const { port: _, txt: __, ...fixed } = offerOf(service)
    return JSON.stringify(fixed)
  })
  return before === after
}

/** This host for a wildcard, the given name for a name, and for an IP address a name that has just this address. */
function targetOf(id: string, address: NodeAddress): Pick<AdvertiseOptions, 'host' | 'addresses'> {
  if (address.kind === 'wildcard') return {}
  if (address.kind === 'ip') return { host: hostOf(id), addresses: [address.host] }
  // Unicast DNS does not know the name either, and .local must not, RFC 6761 §6.3.
  if (address.host.toLowerCase() === 'localhost') return { host: hostOf(id), addresses: ['127.0.0.1'] }
  return { host: address.host }
}

/** Letters, digits and hyphens alone; different for different ids, and always the same for the same one. */
function hostOf(id: string): string {
  const folded = foldLabel(id)
  const slug = folded.replace(/[^a-z0-9]+/g, '-').slice(0, MAX_SLUG)
  const digest = createHash('sha256').update(folded).digest('hex').slice(0, 8)
  return `${`${slug}-${digest}`.replace(/^-/, '').replace('--', '-')}.local`
}
