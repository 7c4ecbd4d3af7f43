// Owns the step from a DNS-SD instance that was heard to a service with one node.
// Does not own the TXT record (node-txt.ts) nor the order of the addresses (dnssd/reach.ts).
import { addressText } from '../dnssd/reach.ts'
import type { Service as Instance } from '../dnssd/types.ts'
import { formatAddress } from './address.ts'
import { decodeNode } from './node-txt.ts'
import type { Service } from './types.ts'

/** Undefined for an instance that is not one of ours, or cannot be reached at all. */
export function heardNode(instance: Instance): Service | undefined {
  const node = decodeNode(instance.txt)
  const [nearest] = instance.addresses
  const host = node?.host ?? (nearest && addressText(nearest)) ?? instance.host
  if (node === undefined || host === undefined || instance.port === undefined) return undefined
  return {
    name: node.service,
    version: node.version,
    metadata: node.metadata,
    endpoints: node.endpoints,
    nodes: [{ id: instance.name, address: formatAddress(host, instance.port), metadata: node.nodeMetadata }],
  }
}
