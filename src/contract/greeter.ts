// Owns the services that the contract registers.
// Does not own what is expected of them (chapters/).
import type { ServiceInput } from '../registry/types.ts'

export const greeter: ServiceInput = {
  name: 'greeter',
  version: '1.0.0',
  metadata: { team: 'a' },
  endpoints: [
    {
      name: 'Greeter.Hello',
      request: { name: 'Req', type: 'Req', values: [{ name: 'name', type: 'string', values: [] }] },
      response: { name: 'Rsp', type: 'Rsp', values: [] },
      metadata: { stream: 'false' },
    },
  ],
  nodes: [{ id: 'greeter-1', address: '198.18.0.11:8080', metadata: { protocol: 'http', Zone: 'B' } }],
}

/** A service with one node of this id. */
export function withNode(id: string, changes: Partial<ServiceInput> = {}): ServiceInput {
  return withNodes([id], changes)
}

export function withNodes(ids: readonly string[], changes: Partial<ServiceInput> = {}): ServiceInput {
  const nodes = ids.map((id) => ({ id, address: `198.18.0.11:${9000 + (Number(id.replace(/\D/g, '')) || 0)}` }))
  return { ...greeter, nodes, ...changes }
}
