// Owns the TXT record of a node: a service with one node <-> DNS-SD key/value pairs, without loss.
// Does not own TXT rdata (dnssd/txt.ts) nor the packing of what is not readable (chunks.ts).
import type { Txt } from '../dnssd/types.ts'
import { RegistryError } from '../errors.ts'
import { parseAddress } from './address.ts'
import { MAX_STRING_BYTES, MAX_UNPACKED_BYTES, packChunks, unpackChunks } from './chunks.ts'
import { compactEndpoint, toEndpoint } from './endpoints.ts'
import { isWellFormed } from './label.ts'
import { fromEntries } from './metadata.ts'
import type { Endpoint, Metadata, Service } from './types.ts'

/** Above this a TXT record takes a packet for itself, RFC 6763 §6.2. */
export const COMFORTABLE_TXT_BYTES = 1_300
/** Above this the record does not fit in the largest multicast DNS packet, RFC 6762 §17. */
export const MAX_TXT_BYTES = 8_900

/** TXT strings by key, in the order of the record. */
export type NodeTxt = Readonly<Record<string, string | Uint8Array>>

/** All that the TXT record of a node tells. */
export interface NodeDescription {
  readonly service: string
  readonly version: string
  readonly metadata: Metadata
  readonly endpoints: readonly Endpoint[]
  readonly nodeMetadata: Metadata
  /** The host name that the node gave as its address; absent if it gave an IP address or a wildcard. */
  readonly host?: string
}

/** `service` has exactly one node. */
export function describeNode(service: Service): NodeDescription {
  const [node] = service.nodes
  const address = node && parseAddress(node.address)
  return {
    service: service.name,
    version: service.version,
    metadata: service.metadata,
    endpoints: service.endpoints,
    nodeMetadata: node?.metadata ?? {},
    ...(address?.kind === 'name' ? { host: address.host } : {}),
  }
}

type Pair = readonly [key: string, value: string]

/** What has no readable form: endpoints by their index, so that the order survives. */
interface Packed {
  version?: string
  metadata: Pair[]
  nodeMetadata: Pair[]
  endpoints: [number, Endpoint][]
}

/** From the most readable form to the smallest. */
const FORMS = [
  { metadata: true, endpoints: true },
  { metadata: true, endpoints: false },
  { metadata: false, endpoints: false },
] as const

const utf8 = new TextEncoder()
const text = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Readable as far as 1,300 bytes allow; packed are only the entries that DNS-SD keys and strings cannot hold, and
 * beyond that size whole groups. Throws ERR_TXT_TOO_LARGE if no form fits in 8,900 bytes.
 */
export function encodeNode(description: NodeDescription): NodeTxt {
  let best: NodeTxt | undefined
  for (const form of FORMS) {
    const txt = layOut(description, form)
    if (txt === undefined) continue
    if (best === undefined || txtBytes(txt) < txtBytes(best)) best = txt
    if (txtBytes(txt) <= COMFORTABLE_TXT_BYTES) return txt
  }
  if (best !== undefined && txtBytes(best) <= MAX_TXT_BYTES) return best
  throw new RegistryError(
    'ERR_TXT_TOO_LARGE',
    `The metadata and endpoints of '${description.service}' do not fit in ${MAX_TXT_BYTES} bytes packed ` +
      `(${MAX_UNPACKED_BYTES} unpacked); publish a URL instead and let clients fetch the rest from it`,
  )
}

/** The size of the rdata: every string has a length byte before it. */
export function txtBytes(txt: NodeTxt): number {
  return Object.entries(txt).reduce((sum, [key, value]) => sum + 1 + stringBytes(key, value), 0)
}

/** Never throws; undefined unless the record is one of ours. Of a broken packed part the readable rest remains. */
export function decodeNode(txt: Txt): NodeDescription | undefined {
  const strings = foldKeys(txt)
  const service = stringOf(strings, 's')
  if (stringOf(strings, 'txtvers') !== '1' || service === undefined || service === '') return undefined
  const packed = toPacked(unpackChunks(strings))
  const host = stringOf(strings, 'h')
  return {
    service,
    version: stringOf(strings, 'v') ?? packed.version ?? '',
    metadata: fromEntries([...readPairs(strings, 'sm.'), ...packed.metadata]),
    endpoints: readEndpoints(strings, packed.endpoints),
    nodeMetadata: fromEntries([...readPairs(strings, 'm.'), ...packed.nodeMetadata]),
    ...(host === undefined ? {} : { host }),
  }
}

/** One form of the record; undefined if its packed part is larger than a reader would unpack. */
function layOut(node: NodeDescription, readable: (typeof FORMS)[number]): NodeTxt | undefined {
  const txt: Record<string, string | Uint8Array> = { txtvers: '1', s: node.service }
  const packed: Packed = { metadata: [], nodeMetadata: [], endpoints: [] }
  if (fits('v', node.version)) txt.v = node.version
  else packed.version = node.version
  if (node.host !== undefined) txt.h = node.host
  for (const [prefix, metadata, rest] of [
    ['m.', node.nodeMetadata, packed.nodeMetadata],
    ['sm.', node.metadata, packed.metadata],
  ] as const) {
    for (const [key, value] of sorted(metadata)) {
      if (readable.metadata && isPlainKey(key) && fits(prefix + key, value)) txt[prefix + key] = value
      else rest.push([key, value])
    }
  }
  node.endpoints.forEach((endpoint, index) => {
    const value = printEndpoint(endpoint)
    if (readable.endpoints && fits(`e${index}`, value)) txt[`e${index}`] = value
    else packed.endpoints.push([index, compactEndpoint(endpoint)])
  })
  if (isEmpty(packed)) return txt
  const chunks = packChunks(packed)
  return chunks && { ...txt, ...Object.fromEntries(chunks) }
}

function isEmpty({ version, metadata, nodeMetadata, endpoints }: Packed): boolean {
  return version === undefined && metadata.length + nodeMetadata.length + endpoints.length === 0
}

/** Keys are printable ASCII without `=`, and case is ignored in them, RFC 6763 §6.4. */
function isPlainKey(key: string): boolean {
  return /^[ -<>-@[-~]*$/.test(key)
}

function fits(key: string, value: string): boolean {
  return stringBytes(key, value) <= MAX_STRING_BYTES
}

function stringBytes(key: string, value: string | Uint8Array): number {
  return key.length + 1 + (typeof value === 'string' ? utf8.encode(value) : value).length
}

/** Equal metadata must give equal records whatever order it was written in. */
function sorted(metadata: Metadata): readonly Pair[] {
  return Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Just the name where there is no more to say; otherwise JSON, which starts with a brace. */
function printEndpoint(endpoint: Endpoint): string {
  const compact = compactEndpoint(endpoint)
  const bare = Object.keys(compact).length === 1 && !compact.name.startsWith('{')
  return bare ? compact.name : JSON.stringify(compact)
}

function parseEndpoint(value: string): Endpoint | undefined {
  if (!value.startsWith('{')) return toEndpoint({ name: value })
  try {
    return toEndpoint(JSON.parse(value))
  } catch {
    return undefined
  }
}

function foldKeys(txt: Txt): ReadonlyMap<string, Uint8Array> {
  const strings = new Map<string, Uint8Array>()
  for (const [key, value] of txt) {
    const folded = key.toLowerCase()
    if (!strings.has(folded)) strings.set(folded, value === true ? new Uint8Array() : value)
  }
  return strings
}

function stringOf(strings: ReadonlyMap<string, Uint8Array>, key: string): string | undefined {
  const value = strings.get(key)
  return value && text.decode(value)
}

function readPairs(strings: ReadonlyMap<string, Uint8Array>, prefix: string): readonly Pair[] {
  const pairs: Pair[] = []
  for (const [key, value] of strings) {
    if (key.startsWith(prefix)) pairs.push([key.slice(prefix.length), text.decode(value)])
  }
  return pairs
}

function readEndpoints(strings: ReadonlyMap<string, Uint8Array>, packed: Packed['endpoints']): readonly Endpoint[] {
  const endpoints = new Map<number, Endpoint>(packed)
  for (const [key, value] of strings) {
    const [, digits] = /^e(\d{1,4})$/.exec(key) ?? []
    const endpoint = digits === undefined ? undefined : parseEndpoint(text.decode(value))
    if (endpoint !== undefined) endpoints.set(Number(digits), endpoint)
  }
  return [...endpoints].sort(([a], [b]) => a - b).map(([, endpoint]) => endpoint)
}

/** Takes what has the right shape and leaves the rest, whoever wrote it. */
function toPacked(raw: unknown): Packed {
  const { version, metadata, nodeMetadata, endpoints } = (raw ?? {}) as Readonly<Record<string, unknown>>
  const packed: Packed = { metadata: toPairs(metadata), nodeMetadata: toPairs(nodeMetadata), endpoints: [] }
  if (isText(version)) packed.version = version
  for (const item of toArray(endpoints)) {
    const [index, rawEndpoint] = toArray(item)
    const endpoint = toEndpoint(rawEndpoint)
    if (typeof index === 'number' && endpoint !== undefined) packed.endpoints.push([index, endpoint])
  }
  return packed
}

function toPairs(raw: unknown): Pair[] {
  const pairs: Pair[] = []
  for (const item of toArray(raw)) {
    const [key, value] = toArray(item)
    if (isText(key) && isText(value)) pairs.push([key, value])
  }
  return pairs
}

function isText(raw: unknown): raw is string {
  return typeof raw === 'string' && isWellFormed(raw)
}

function toArray(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : []
}
