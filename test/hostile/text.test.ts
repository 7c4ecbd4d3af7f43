import { describe, expect, test } from 'vitest'
import { escapeText } from '../../src/cli/escape.ts'
import * as format from '../../src/cli/format.ts'
import { Output, type OutputStyle, type Report } from '../../src/cli/output.ts'
import { encodeTxt } from '../../src/dnssd/txt.ts'
import { encodeNode } from '../../src/registry/node-txt.ts'
import type { Node } from '../../src/registry/types.ts'
import { nameFromLabels, nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, instance, ptr, srv, txt } from '../mdns/records.ts'
import { loadPackets } from '../packets.ts'
import { SECOND, Target } from './target.ts'

/** Each in a label, in a host name, and in the keys and values of TXT records. */
const HOSTILE = [
  '\u001b]0;pwn\u0007\u001b[2J',
  'a\rb\nc\td',
  '\u0000\u007f\u0085\u009b31m',
  '\u202egnp.exe\u2066\u200f',
  '\u200b\u2060\ufeff\u2028\u2029',
  '\u001b'.repeat(60),
  '__proto__',
  'constructor',
]
const BOX = nameFromText('box.local')
const STYLES: Readonly<Record<string, OutputStyle>> = {
  'as JSON': { json: true, aligned: false, color: false },
  'in a pipe': { json: false, aligned: false, color: false },
  'on a terminal': { json: false, aligned: true, color: false },
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

function rdata(strings: readonly string[]): Uint8Array {
  const parts = strings.map((string) => Buffer.from(string))
  return new Uint8Array(Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part])))
}

/** An instance of `_http._tcp` and a node of the registry, both named and described by the text. */
function recordsOf(text: string): readonly Rr[] {
  const web = instance(text)
  const box = nameFromLabels([text, 'local'])
  const node = nameFromLabels([text, '_mdns-registry', '_tcp', 'local'])
  const description = {
    service: 'greeter',
    version: text,
    metadata: { [text]: text },
    endpoints: [{ name: text, request: { name: text, type: text, values: [] }, response: null, metadata: {} }],
    nodeMetadata: { [text]: text },
  }
  return [
    ...[ptr(web), srv(web, { target: box }), txt(web, { data: rdata([`${text}=${text}`, text, `k=${text}`]) })],
    ...[a('198.18.0.9', { name: box }), a('198.18.0.9', { name: BOX })],
    ptr(node, 4_500, nameFromText('_mdns-registry._tcp.local')),
    ptr(node, 4_500, nameFromText('greeter._sub._mdns-registry._tcp.local')),
    ...[srv(node, { target: BOX }), txt(node, { data: encodeTxt(encodeNode(description)) })],
  ]
}

/** Everything that the commands of the program would print of what the target has heard. */
async function reportsOf(target: Target): Promise<readonly Report[]> {
  const services = await target.find('greeter')
  const listed = await target.world.until(target.registry.listServices())
  return [
    ...target.browser.services.flatMap((service) => [
      format.formatBrowse({ event: 'up', service }, true),
      format.formatBrowse({ event: 'down', service, reason: 'goodbye' }, false),
      format.formatResolved(service),
      format.formatRenamed(service.name, service.name),
      format.formatPublished(service.name, service.type, 1),
      ...service.addresses.map((address) => format.formatAddress(service.host ?? '', address)),
    ]),
    ...services.flatMap((service) => [
      format.formatNodes(service),
      format.formatResult({ action: 'create', service }),
      ...service.nodes.map((node) => format.formatRegistered(service.name, node)),
    ]),
    ...listed.map(format.formatService),
    format.formatType('up', `_${HOSTILE[0]}._tcp`),
  ]
}

async function poisoned(): Promise<Target> {
  const target = await Target.settled()
  for (const text of HOSTILE) target.respond(recordsOf(text))
  for (const { bytes } of loadPackets('hostile')) target.stranger.send(bytes)
  target.run(3 * SECOND)
  return target
}

describe.each(Object.entries(STYLES))('goal 16: %s', (_, style) => {
  test('no byte from the network moves, hides or reorders other text', async () => {
    const target = await poisoned()
    const reports = await reportsOf(target)
    const pieces: string[] = []
    const output = new Output({ write: (piece: string) => pieces.push(piece) }, style)
    for (const report of reports) output.tell(report)
    const text = pieces.join('')
    expect(text).not.toMatch(DANGEROUS)
    const lines = text.trimEnd().split('\n')
    if (style.json) for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object')
    else for (const hostile of HOSTILE) expect(text).toContain(escapeText(hostile))
    expect(reports.length).toBeGreaterThan(6 * HOSTILE.length)
    await target.expectWell()
  })
})

const metadataOf = (node: Node) => node.metadata

describe('goal 19: TXT keys', () => {
  test('are keys of an instance and nothing else, whatever they are called', async () => {
    const target = await Target.settled()
    const web = instance('web')
    const strings = '__proto__=x|constructor=1|toString=1|KEY=first|key=second|=no key||flag|e='.split('|')
    const data = rdata(strings)
    target.respond([ptr(web), srv(web, { target: BOX }), txt(web, { data }), a('198.18.0.9', { name: BOX })])
    target.run(3 * SECOND)
    const found = target.browser.services.find(({ name }) => name === 'web')
    expect([...(found?.txt.keys() ?? [])]).toEqual(['__proto__', 'constructor', 'toString', 'KEY', 'flag', 'e'])
    expect(found?.txt.get('flag')).toBe(true)
    await target.expectWell()
  })

  test('are keys of a node and nothing else', async () => {
    const target = await Target.settled()
    const strings = 'txtvers=1|s=greeter|m.__proto__=x|sm.constructor=y|m.toString=z|e0={"__proto__":{"a":1}}'.split(
      '|',
    )
    const node = nameFromText('evil._mdns-registry._tcp.local')
    target.respond([
      ptr(node, 4_500, nameFromText('greeter._sub._mdns-registry._tcp.local')),
      ptr(node, 4_500, nameFromText('_mdns-registry._tcp.local')),
      ...[srv(node, { target: BOX }), txt(node, { data: rdata(strings) }), a('198.18.0.9', { name: BOX })],
    ])
    target.run(3 * SECOND)
    const services = await target.find('greeter')
    const [metadata = {}] = services.flatMap(({ nodes }) => nodes.filter(({ id }) => id === 'evil')).map(metadataOf)
    expect(Object.entries(metadata)).toEqual([
      ['__proto__', 'x'],
      ['tostring', 'z'],
    ])
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype)
    expect(Object.keys(Object.prototype)).toEqual([])
    await target.expectWell()
  })

  test('by the thousand cost little', async () => {
    const target = await Target.settled()
    const data = new Uint8Array(8_800).map((_, n) => (n % 2 === 0 ? 1 : n % 256))
    const web = instance('web')
    const before = process.cpuUsage()
    target.respond([ptr(web), srv(web, { target: BOX }), a('198.18.0.9', { name: BOX })])
    target.respond([txt(web, { data })])
    target.run(SECOND)
    const { user } = process.cpuUsage(before)
    expect(target.browser.services.find(({ name }) => name === 'web')?.txt.size).toBeGreaterThan(40)
    expect(user / 1_000).toBeLessThan(200)
  })
})
