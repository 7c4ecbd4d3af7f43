import { expect, test } from 'vitest'
import {
  formatAddress,
  formatBrowse,
  formatNodes,
  formatPublished,
  formatRegistered,
  formatRenamed,
  formatResolved,
  formatResult,
  formatService,
  formatType,
} from '../../src/cli/format.ts'
import type { Service as DnssdService, Txt } from '../../src/dnssd/types.ts'
import type { Node, Service } from '../../src/registry/types.ts'
import type { Name } from '../../src/wire/types.ts'

const node: Node = { id: 'greeter-1', address: '198.18.0.1:8080', metadata: { team: 'a', zone: 'b' } }
const service: Service = {
  name: 'greeter',
  version: '1.0.0',
  metadata: {},
  endpoints: [{ name: 'Greeter.Hello' }, { name: 'Greeter.Bye' }],
  nodes: [node, { ...node, id: 'greeter-2', metadata: {} }],
}

function instance(txt: Txt): DnssdService {
  return {
    name: 'Printer v1.2 (lab)',
    type: '_ipp._tcp',
    domain: 'local',
    fullName: 'unused' as unknown as Name,
    host: 'box.local',
    port: 631,
    addresses: [
      { address: '198.18.0.1', family: 4, interface: 'lo' },
      { address: '198.18.0.1', family: 4, interface: 'veth1' },
      { address: 'fe80::1', family: 6, interface: 'veth1' },
    ],
    txt,
  }
}
const bytes = (text: string) => new TextEncoder().encode(text)

test('register: event, service name, node', () => {
  const report = formatRegistered('greeter', node)
  expect(report.json).toEqual({ event: 'registered', service: 'greeter', node })
  expect(report.rows).toEqual([['registered', 'greeter', 'greeter-1', '198.18.0.1:8080', 'team=a zone=b']])
})

test('get: the service as JSON, a row for every node', () => {
  const report = formatNodes(service)
  expect(report.json).toEqual(service)
  expect(report.rows).toEqual([
    ['greeter', '1.0.0', 'greeter-1', '198.18.0.1:8080', 'team=a zone=b', 'Greeter.Hello,Greeter.Bye'],
    ['greeter', '1.0.0', 'greeter-2', '198.18.0.1:8080', '', 'Greeter.Hello,Greeter.Bye'],
  ])
})

test('list: the service as JSON, a row with the number of nodes', () => {
  expect(formatService(service)).toEqual({ json: service, rows: [['greeter', '1.0.0', '2']] })
})

test('watch: action and service, and why a node went', () => {
  const gone = { action: 'delete', service: { ...service, nodes: [node] }, reason: 'expired' } as const
  expect(formatResult(gone)).toEqual({
    json: gone,
    rows: [['delete', 'greeter', '1.0.0', 'greeter-1', '198.18.0.1:8080', 'team=a zone=b (expired)']],
  })
})

test('browse: unresolved fields are absent without -r', () => {
  const report = formatBrowse({ event: 'up', service: instance(new Map()) }, false)
  expect(report.json).toEqual({ event: 'up', name: 'Printer v1.2 (lab)', type: '_ipp._tcp', domain: 'local' })
  expect(report.rows).toEqual([['up', 'Printer v1.2 (lab)', '_ipp._tcp', 'local']])
})

test('browse -r: host, port, addresses without repeats, TXT', () => {
  const txt: Txt = new Map<string, Uint8Array | true>([
    ['rp', bytes('größe')],
    ['color', true],
    ['raw', new Uint8Array([0xff, 0])],
    ['__proto__', bytes('x')],
  ])
  const report = formatBrowse({ event: 'down', service: instance(txt), reason: 'goodbye' }, true)
  expect(JSON.parse(JSON.stringify(report.json))).toEqual({
    event: 'down',
    name: 'Printer v1.2 (lab)',
    type: '_ipp._tcp',
    domain: 'local',
    host: 'box.local',
    port: 631,
    addresses: ['198.18.0.1', 'fe80::1%veth1'],
    txt: JSON.parse('{"rp":"größe","color":true,"raw":{"base64":"/wA="},"__proto__":"x"}'),
    reason: 'goodbye',
  })
  expect(report.rows[0]?.slice(4)).toEqual([
    'box.local',
    '631',
    '198.18.0.1,fe80::1%veth1',
    'rp=größe color raw=0xff00 __proto__=x',
  ])
  expect(formatResolved(instance(txt)).json).toMatchObject({ event: 'up', host: 'box.local', port: 631 })
})

test('lookup, types, advertise', () => {
  const found = { address: 'fe80::1', family: 6, interface: 'veth1' } as const
  expect(formatAddress('box.local', found).json).toEqual({
    host: 'box.local',
    address: 'fe80::1%veth1',
    family: 6,
    interface: 'veth1',
  })
  expect(formatType('up', '_http._tcp').json).toEqual({ event: 'up', type: '_http._tcp' })
  expect(formatPublished('Box', '_http._tcp', 80).json).toEqual({
    event: 'published',
    name: 'Box',
    type: '_http._tcp',
    port: 80,
  })
  expect(formatRenamed('Box', 'Box (2)').json).toEqual({ event: 'renamed', from: 'Box', to: 'Box (2)' })
})
