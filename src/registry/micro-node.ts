// Owns the JSON in which go-micro describes a node, and the step from it to a service with one node and back.
// Does not own how the JSON travels (micro/micro-txt.ts) nor what of a service go-micro can carry (micro-offer.ts).
import { addressText, byReach } from '../dnssd/reach.ts'
import type { Link } from '../mdns/types.ts'
import type { MicroNode } from '../micro/types.ts'
import { formatAddress } from './address.ts'
import { toEndpoint } from './endpoints.ts'
import { toMetadata } from './metadata.ts'
import type { Endpoint, Service } from './types.ts'

/** With the keys and their order of go-micro, which takes no notice of the last one: metadata of the service. */
export function microJsonOf({ name, version, metadata, endpoints, nodes }: Service): object {
  return {
    Metadata: nodes[0]?.metadata ?? {},
    Service: name,
    Version: version,
    Endpoints: endpoints.length > 0 ? endpoints.map(microEndpoint) : null,
    ...(Object.keys(metadata).length > 0 && { ServiceMetadata: metadata }),
  }
}

/** Undefined for a node that cannot be reached from here. Whatever of its JSON has another shape is left out. */
export function microService(node: MicroNode, links: readonly Link[]): Service | undefined {
  const [nearest] = byReach(node.addresses, links)
  if (nearest === undefined) return undefined
  const { version, metadata, endpoints, servicemetadata } = node.json
  const address = formatAddress(addressText(nearest), node.port)
  return {
    name: node.service,
    version: typeof version === 'string' ? version : '',
    metadata: toMetadata(servicemetadata) ?? {},
    endpoints: Array.isArray(endpoints) ? endpoints.flatMap((raw: unknown) => toEndpoint(raw) ?? []) : [],
    nodes: [{ id: node.id, address, metadata: toMetadata(metadata) ?? {} }],
  }
}

function microEndpoint({ name, request = null, response = null, metadata = {} }: Endpoint): object {
  return { request, response, metadata, name }
}
