// Owns the two faces of every report: the JSON line that programs read and the cells that people read.
// Does not own escaping (escape.ts) nor layout (table.ts).
import { addressText } from '../dnssd/reach.ts'
import type { BrowseEvent, Service as DnssdService, ServiceAddress, Txt } from '../dnssd/types.ts'
import type { Metadata, Node, Result, Service } from '../registry/types.ts'
import type { Report } from './output.ts'
import type { Row } from './table.ts'

export const REGISTERED_COLUMNS: Row = ['event', 'service', 'node', 'address', 'metadata']
export const GET_COLUMNS: Row = ['service', 'version', 'node', 'address', 'metadata', 'endpoints']
export const LIST_COLUMNS: Row = ['service', 'version', 'nodes']
export const WATCH_COLUMNS: Row = ['action', 'service', 'version', 'node', 'address', 'metadata']
export const BROWSE_COLUMNS: Row = ['event', 'name', 'type', 'domain']
export const RESOLVED_COLUMNS: Row = ['event', 'name', 'type', 'domain', 'host', 'port', 'addresses', 'txt']
export const ADDRESS_COLUMNS: Row = ['host', 'address', 'interface']
export const TYPE_COLUMNS: Row = ['event', 'type']
export const PUBLISHED_COLUMNS: Row = ['event', 'name', 'type', 'port']

export function formatRegistered(service: string, node: Node): Report {
  return {
    json: { event: 'registered', service, node },
    rows: [['registered', service, node.id, node.address, pairs(node.metadata)]],
  }
}

/** As `get` shows it: a row for every node. */
export function formatNodes(service: Service): Report {
  const endpoints = service.endpoints.map((endpoint) => endpoint.name).join(',')
  return {
    json: service,
    rows: service.nodes.map((node) => [
      service.name,
      service.version,
      node.id,
      node.address,
      pairs(node.metadata),
      endpoints,
    ]),
  }
}

/** As `list` shows it: how many nodes. */
export function formatService(service: Service): Report {
  return { json: service, rows: [[service.name, service.version, String(service.nodes.length)]] }
}

export function formatResult(result: Result): Report {
  const { action, service } = result
  const rows = service.nodes.map((node) => [
    action,
    service.name,
    service.version,
    node.id,
    node.address,
    [pairs(node.metadata), result.reason ? `(${result.reason})` : ''].join(' ').trim(),
  ])
  return { json: result, rows }
}

export function formatBrowse(event: BrowseEvent, resolved: boolean): Report {
  const { service } = event
  const plain = { name: service.name, type: service.type, domain: service.domain }
  const reason = event.event === 'down' ? { reason: event.reason } : {}
  const row = [event.event, ...Object.values(plain)]
  if (!resolved) return { json: { event: event.event, ...plain, ...reason }, rows: [row] }
  return {
    json: { event: event.event, ...plain, ...locationOf(service), ...reason },
    rows: [[...row, ...locationRow(service)]],
  }
}

export function formatResolved(service: DnssdService): Report {
  const plain = { name: service.name, type: service.type, domain: service.domain }
  return {
    json: { event: 'up', ...plain, ...locationOf(service) },
    rows: [['up', ...Object.values(plain), ...locationRow(service)]],
  }
}

export function formatAddress(host: string, found: ServiceAddress): Report {
  const address = addressText(found)
  return {
    json: { host, address, family: found.family, interface: found.interface },
    rows: [[host, address, found.interface]],
  }
}

export function formatType(event: 'up' | 'down', type: string): Report {
  return { json: { event, type }, rows: [[event, type]] }
}

export function formatPublished(name: string, type: string, port: number): Report {
  return { json: { event: 'published', name, type, port }, rows: [['published', name, type, String(port)]] }
}

export function formatRenamed(from: string, to: string): Report {
  return { json: { event: 'renamed', from, to }, rows: [['renamed', from, to]] }
}

function locationOf(service: DnssdService) {
  const { host, port } = service
  return { host, port, addresses: addressTexts(service), txt: txtJson(service.txt) }
}

function locationRow(service: DnssdService): Row {
  const txt = [...service.txt].map(([key, value]) => (value === true ? key : `${key}=${txtText(value)}`))
  return [service.host ?? '', String(service.port ?? ''), addressTexts(service).join(','), txt.join(' ')]
}

/** One entry per address that can be connected to as it is: a link-local IPv6 address carries its interface. */
function addressTexts(service: DnssdService): readonly string[] {
  return [...new Set(service.addresses.map(addressText))]
}

/** Text where a value is UTF-8, `true` for a key without value, base64 for anything else. */
function txtJson(txt: Txt): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...txt].map(([key, value]) => {
      if (value === true) return [key, true]
      return [key, utf8(value) ?? { base64: Buffer.from(value).toString('base64') }]
    }),
  )
}

function txtText(value: Uint8Array): string {
  return utf8(value) ?? `0x${Buffer.from(value).toString('hex')}`
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function pairs(metadata: Metadata): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')
}
