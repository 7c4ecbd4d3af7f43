import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTxt, encodeTxt } from '../../src/dnssd/txt.ts'
import {
  COMFORTABLE_TXT_BYTES,
  decodeNode,
  encodeNode,
  type NodeDescription,
  txtBytes,
} from '../../src/registry/node-txt.ts'
import { description } from './arbitrary.ts'

const plain: NodeDescription = {
  service: 'greeter',
  version: '1.0.0',
  metadata: { team: 'a' },
  endpoints: [],
  nodeMetadata: { protocol: 'http', 'content type': 'text/plain; q=1' },
}

const nested = (depth: number) => `${'{"name":"","type":"","values":['.repeat(depth)}${']}'.repeat(depth)}`
const bytes = (text: string) => new TextEncoder().encode(text)

/** Over the wire: through rdata and back. */
function travel(node: NodeDescription): NodeDescription | undefined {
  return decodeNode(decodeTxt(encodeTxt(encodeNode(node))))
}

/** Own keys in order, so that `__proto__` and the like are compared too. */
function canonical(node: NodeDescription | undefined): string {
  return JSON.stringify(node, (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : value,
  )
}

function packed(json: string): Map<string, Uint8Array> {
  const deflated = deflateRawSync(bytes(json))
  const txt = new Map([
    ['txtvers', bytes('1')],
    ['s', bytes('greeter')],
  ])
  for (let at = 0; at < deflated.length; at += 250) txt.set(`z${at / 250}`, deflated.subarray(at, at + 250))
  return txt
}

describe('what a person reads in the record', () => {
  test('R-design4: plain metadata and bare endpoints stand as key=value', () => {
    const node = { ...plain, endpoints: [{ name: 'Greeter.Hello', request: null, response: null, metadata: {} }] }
    expect(encodeNode(node)).toEqual({
      txtvers: '1',
      s: 'greeter',
      v: '1.0.0',
      'm.content type': 'text/plain; q=1',
      'm.protocol': 'http',
      'sm.team': 'a',
      e0: 'Greeter.Hello',
    })
  })

  test('an endpoint with a request is JSON while it fits in a string', () => {
    const request = { name: 'Req', type: 'Req', values: [] }
    const txt = encodeNode({ ...plain, endpoints: [{ name: 'Hello', request, response: null, metadata: {} }] })
    expect(txt.e0).toBe('{"name":"Hello","request":{"name":"Req","type":"Req","values":[]}}')
  })

  test('RFC 6763 §6.4: only the entries that keys cannot hold are packed', () => {
    const txt = encodeNode({
      ...plain,
      nodeMetadata: { ok: '1', Upper: '2', 'a=b': '3', ü: '4', long: 'x'.repeat(255) },
    })
    expect(Object.keys(txt)).toEqual(['txtvers', 's', 'v', 'm.ok', 'sm.team', 'z0'])
  })

  test('equal metadata in another order gives an equal record', () => {
    const a = encodeNode({ ...plain, nodeMetadata: { a: '1', b: '2', C: '3', D: '4' } })
    const b = encodeNode({ ...plain, nodeMetadata: { D: '4', b: '2', C: '3', a: '1' } })
    expect(encodeTxt(a)).toEqual(encodeTxt(b))
  })

  test('many endpoints are packed so that the record stays within 1,300 bytes', () => {
    const value = { name: 'Request', type: 'Request', values: [{ name: 'id', type: 'string', values: [] }] }
    const endpoints = Array.from({ length: 40 }, (_, i) => ({
      name: `Greeter.Method${i}`,
      request: value,
      response: value,
      metadata: {},
    }))
    const txt = encodeNode({ ...plain, endpoints })
    expect(txt['m.protocol']).toBe('http')
    expect(txtBytes(txt)).toBeLessThanOrEqual(COMFORTABLE_TXT_BYTES)
    expect(travel({ ...plain, endpoints })?.endpoints).toEqual(endpoints)
  })
})

describe('lossless', () => {
  test('every service comes back as it went', () => {
    fc.assert(
      fc.property(description, (node) => {
        expect(canonical(travel(node))).toBe(canonical(node))
      }),
      { numRuns: 1_000 },
    )
  })

  test('the size that is counted is the size of the rdata', () => {
    fc.assert(
      fc.property(description, (node) => {
        const txt = encodeNode(node)
        expect(txtBytes(txt)).toBe(encodeTxt(txt).length)
      }),
    )
  })

  test('a key __proto__ stays a key and changes no prototype', () => {
    const nodeMetadata = JSON.parse('{"__proto__":"x"}')
    const back = travel({ ...plain, nodeMetadata })
    expect(Object.entries(back?.nodeMetadata ?? {})).toEqual([['__proto__', 'x']])
    expect(Object.getPrototypeOf(back?.nodeMetadata)).toBe(Object.prototype)
  })
})

describe('limits', () => {
  const noise = (length: number) => Array.from({ length }, (_, i) => ((i * 2654435761) >>> 7).toString(36)).join('')

  test('a record that does not fit packed either is refused with ERR_TXT_TOO_LARGE', () => {
    const node = { ...plain, nodeMetadata: { blob: noise(4_000) } }
    expect(() => encodeNode(node)).toThrow(expect.objectContaining({ code: 'ERR_TXT_TOO_LARGE' }))
  })

  test('content that would unpack to more than 64 KiB is refused, however small it packs', () => {
    const node = { ...plain, nodeMetadata: { blob: 'x'.repeat(70_000) } }
    expect(() => encodeNode(node)).toThrow(expect.objectContaining({ code: 'ERR_TXT_TOO_LARGE' }))
  })

  test('a small bomb is not unpacked, and the readable part remains', () => {
    const bomb = packed(JSON.stringify({ nodeMetadata: [['a', 'x'.repeat(5_000_000)]] }))
    expect(decodeNode(bomb)).toMatchObject({ service: 'greeter', nodeMetadata: {} })
  })
})

describe('records that others wrote', () => {
  test('foreign ones are undefined', () => {
    expect(decodeNode(new Map())).toBeUndefined()
    expect(decodeNode(new Map([['path', bytes('/')]]))).toBeUndefined()
    expect(
      decodeNode(
        new Map<string, Uint8Array | true>([
          ['txtvers', bytes('2')],
          ['s', bytes('greeter')],
        ]),
      ),
    ).toBeUndefined()
    expect(
      decodeNode(
        new Map<string, Uint8Array | true>([
          ['txtvers', bytes('1')],
          ['s', true],
        ]),
      ),
    ).toBeUndefined()
  })

  test('RFC 6763 §6.4: keys are read without regard to case, the first one counts', () => {
    const txt = new Map([
      ['TXTVERS', bytes('1')],
      ['S', bytes('greeter')],
      ['M.A', bytes('1')],
      ['m.a', bytes('2')],
    ])
    expect(decodeNode(txt)).toMatchObject({ service: 'greeter', nodeMetadata: { a: '1' } })
  })

  test('a missing chunk costs the packed part only', () => {
    const txt = packed(
      JSON.stringify({ nodeMetadata: Array.from({ length: 300 }, (_, i) => [`k${i * i}`, `v${i * 7}`]) }),
    )
    txt.set('m.a', bytes('1'))
    expect(Object.keys(decodeNode(txt)?.nodeMetadata ?? {})).toHaveLength(301)
    txt.delete('z1')
    expect(decodeNode(txt)?.nodeMetadata).toEqual({ a: '1' })
  })

  test('packed JSON of any shape neither throws nor lets wrong types through', () => {
    const shape = fc.oneof(
      fc.json(),
      fc
        .record({ version: fc.jsonValue(), metadata: fc.jsonValue(), endpoints: fc.array(fc.jsonValue()) })
        .map((raw) => JSON.stringify(raw)),
      fc.constant(`{"endpoints":[[0,{"name":"x","request":${nested(500)}}]]}`),
    )
    fc.assert(
      fc.property(shape, (json) => {
        const node = decodeNode(packed(json))
        expect(typeof node?.version).toBe('string')
        for (const value of Object.values(node?.metadata ?? { none: 0 })) expect(typeof value).toBe('string')
      }),
    )
  })

  test('random bytes never throw', () => {
    const key = fc.constantFrom('txtvers', 's', 'v', 'h', 'e0', 'e1', 'm.', 'sm.x', 'z0', 'z1')
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(bytes('1'), bytes('{'), bytes('{"name":1}')),
    )
    fc.assert(fc.property(fc.array(fc.tuple(key, value)), (pairs) => void decodeNode(new Map(pairs))))
  })
})
