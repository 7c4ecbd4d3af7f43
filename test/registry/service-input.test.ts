import { describe, expect, test } from 'vitest'
import { parseService, parseTtl, randomId } from '../../src/registry/service-input.ts'
import type { ServiceInput } from '../../src/registry/types.ts'

const node = { id: 'greeter-1', address: ':8080' }
const parse = (input: unknown) => parseService(input as ServiceInput, (service) => `${service}-made`)
const refused = (input: unknown, code: string) => expect(() => parse(input)).toThrow(expect.objectContaining({ code }))

describe('defaults', () => {
  test('whatever is left out is filled in', () => {
    expect(parse({ name: 'greeter', nodes: [{ address: ':8080' }], endpoints: [{ name: 'Hello' }] })).toEqual({
      name: 'greeter',
      version: 'latest',
      metadata: {},
      endpoints: [{ name: 'Hello', request: null, response: null, metadata: {} }],
      nodes: [{ id: 'greeter-made', address: ':8080', metadata: {} }],
    })
  })

  test('an id is the service and eight hex digits, within 63 bytes', () => {
    expect(randomId('greeter', () => 0)).toBe('greeter-00000000')
    expect(randomId('greeter', () => 1 - 2 ** -53)).toBe('greeter-ffffffff')
    expect(randomId('x'.repeat(63), () => 0.5)).toBe(`${'x'.repeat(54)}-80000000`)
    expect(new TextEncoder().encode(randomId('ü'.repeat(31), () => 0.5)).length).toBeLessThanOrEqual(63)
  })

  test('names are put into normal form C', () => {
    expect(parse({ name: 'cafe\u0301', nodes: [node] }).name).toBe('café')
  })

  test('what is returned shares nothing with what was given', () => {
    const input = { name: 'greeter', metadata: { a: '1' }, nodes: [{ ...node, metadata: { b: '2' } }] }
    const service = parse(input)
    input.metadata.a = 'changed'
    input.nodes.splice(0)
    expect(service).toMatchObject({ metadata: { a: '1' }, nodes: [{ metadata: { b: '2' } }] })
  })
})

describe('refused before any packet', () => {
  test.each([
    ['ERR_INVALID_SERVICE', undefined],
    ['ERR_INVALID_SERVICE', { name: 'greeter' }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', nodes: [] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', nodes: [null] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', nodes: [node, { ...node, id: 'GREETER-1' }] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', version: 1, nodes: [node] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', endpoints: {}, nodes: [node] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', endpoints: [{}], nodes: [node] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', endpoints: [{ name: 'x', request: 'y' }], nodes: [node] }],
    ['ERR_INVALID_SERVICE', { name: 'greeter', endpoints: [{ name: 'x', metadata: { n: 1 } }], nodes: [node] }],
    ['ERR_INVALID_NAME', { nodes: [node] }],
    ['ERR_INVALID_NAME', { name: '', nodes: [node] }],
    ['ERR_INVALID_NAME', { name: 'a\nb', nodes: [node] }],
    ['ERR_INVALID_NAME', { name: 'a\u0085b', nodes: [node] }],
    ['ERR_INVALID_NAME', { name: '\ud800', nodes: [node] }],
    ['ERR_INVALID_NAME', { name: 'greeter', nodes: [{ ...node, id: '' }] }],
    ['ERR_NAME_TOO_LONG', { name: 'x'.repeat(64), nodes: [node] }],
    ['ERR_NAME_TOO_LONG', { name: 'ü'.repeat(32), nodes: [node] }],
    ['ERR_NAME_TOO_LONG', { name: 'greeter', nodes: [{ ...node, id: 'x'.repeat(64) }] }],
    ['ERR_INVALID_PORT', { name: 'greeter', nodes: [{ id: 'a', address: 'host' }] }],
    ['ERR_INVALID_ADDRESS', { name: 'greeter', nodes: [{ id: 'a' }] }],
    ['ERR_INVALID_METADATA', { name: 'greeter', metadata: [], nodes: [node] }],
    ['ERR_INVALID_METADATA', { name: 'greeter', metadata: { a: 1 }, nodes: [node] }],
    ['ERR_INVALID_METADATA', { name: 'greeter', metadata: new Map(), nodes: [node] }],
    ['ERR_INVALID_METADATA', { name: 'greeter', nodes: [{ ...node, metadata: { a: '\udc00' } }] }],
    ['ERR_INVALID_METADATA', { name: 'greeter', nodes: [{ ...node, metadata: 'x' }] }],
  ])('%s: %j', (code, input) => refused(input, code))

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2_147_484, '30'])('ERR_INVALID_TTL: %s', (ttl) => {
    expect(() => parseTtl(ttl)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_TTL' }))
  })

  test('messages name the culprit', () => {
    expect(() => parse({ name: 'greeter', metadata: { good: 'x', bad: 1 }, nodes: [node] })).toThrow(/'greeter'.*"bad"/)
  })
})
