// Owns arbitrary services for property tests, the odd ones included.
// Does not own any expectation.
import fc from 'fast-check'
import { toEndpoint } from '../../src/registry/endpoints.ts'
import type { NodeDescription } from '../../src/registry/node-txt.ts'
import type { Endpoint, Metadata, Value } from '../../src/registry/types.ts'

const oddKeys = [
  '',
  '=',
  'a=b',
  'Key',
  'key',
  'KEY',
  '__proto__',
  'constructor',
  'toString',
  'é',
  ' ',
  '0',
  '\u0000',
  '\ufeff',
]
const key = fc.oneof(
  fc.constantFrom(...oddKeys),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^[a-z.]+$/),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\ufeff', '\u0000', '{', '{"name":"x"}'),
  fc.nat(400).map((length) => 'x'.repeat(length)),
)

export const metadata: fc.Arbitrary<Metadata> = fc
  .array(fc.tuple(key, text), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries))

const value: fc.Memo<Value> = fc.memo((depth) =>
  fc.record({
    name: text,
    type: text,
    values: depth > 1 ? fc.array(value(depth - 1), { maxLength: 3 }) : fc.constant([]),
  }),
)

export const endpoint: fc.Arbitrary<Endpoint> = fc
  .record({ name: text, request: fc.option(value(4)), response: fc.option(value(4)), metadata })
  .map((raw) => toEndpoint(raw))
  .filter((made) => made !== undefined)

export const description: fc.Arbitrary<NodeDescription> = fc
  .record(
    {
      service: fc.string({ minLength: 1, maxLength: 15 }),
      version: text,
      metadata,
      endpoints: fc.array(endpoint, { maxLength: 6 }),
      nodeMetadata: metadata,
      host: fc.constantFrom('db.example.com', 'localhost'),
    },
    { requiredKeys: ['service', 'version', 'metadata', 'endpoints', 'nodeMetadata'] },
  )
  .map(({ host, ...rest }) => (host === undefined ? rest : { ...rest, host }))
