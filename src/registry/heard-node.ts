// Owns the step from a DNS-SD instance that was heard to a service with one node.
// Does not own the TXT record (node-txt.ts) nor the choice among addresses (reachable.ts).
import type { Service as Instance } from '../dnssd/types.ts'
import type { Link } from '../mdns/types.ts'
import { formatAddress } from './address.ts'
import { decodeNode } from './node-txt.ts'
import { mostReachable } from './reachable.ts'
import type { Service } from './types.ts'

/** Undefined for an instance that is not one of ours, or cannot be reached at all. */
export function heardNode(instance: Instance, links: readonly Link[]): Service | undefined {
  const node = decodeNode(instance.txt)
  const host = node?.host ?? mostReachable(instance.addresses, links) ?? instance.host
  if (node === undefined || host === undefined || instance.port === undefined) return undefined
  return {
    name: node.service,
    version: node.version,
    metadata: node.metadata,
    endpoints: node.endpoints,
    nodes: [{ id: instance.name, address: formatAddress(host, instance.port), metadata: node.nodeMetadata }],
  }
}
