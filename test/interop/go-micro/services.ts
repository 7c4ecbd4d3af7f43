// Owns the services that are registered on one side and compared on the other.
// Does not own the sides.
import type { Endpoint, Service } from '../../../src/registry/types.ts'
import type { Given, Told } from './program.ts'

/** Values within values, and text that JSON, zlib and hexadecimal digits have to leave alone. */
const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'Users.Find',
    request: {
      name: 'FindRequest',
      type: 'FindRequest',
      values: [
        { name: 'id', type: 'string', values: [] },
        { name: 'within', type: 'Range', values: [{ name: 'from', type: 'int64', values: [] }] },
      ],
    },
    response: { name: 'FindResponse', type: 'FindResponse', values: [] },
    metadata: { stream: 'false', text: 'Größe, 名前, =;\\" \u0000' },
  },
  { name: 'Users.Drop', request: null, response: null, metadata: {} },
]

export interface GivenNode {
  readonly id: string
  readonly address: string
  readonly metadata?: Readonly<Record<string, string>>
}

export function given(name: string, version: string, ...nodes: readonly GivenNode[]): Given {
  return { name, version, endpoints: [], nodes: nodes.map((node) => ({ metadata: {}, ...node })) }
}

/** Everything that go-micro can carry. */
export function rich(name: string, node: GivenNode): Given {
  const metadata = { registry: 'mdns', Server: 'mucp', empty: '', zone: 'café', long: 'x'.repeat(300) }
  return { ...given(name, '2024-06-01', { metadata, ...node }), endpoints: ENDPOINTS }
}

/** As go-micro tells of what one of ours has registered: metadata of a service it does not know, nor an empty list. */
export function toldByGo({ name, version, endpoints, nodes }: Given): Told {
  return { name, version, metadata: null, endpoints: endpoints.length > 0 ? endpoints : null, nodes }
}

/** As ours tells of what go-micro has registered. */
export function toldByOurs({ name, version, endpoints, nodes }: Given): Service {
  return { name, version, metadata: {}, endpoints, nodes }
}
