// The filters, as go-micro's tests have them.
import { describe, expect, test } from 'vitest'
import { byEndpoint, byLabel, byVersion, type Metadata, type Service } from '../../src/index.ts'

function service(version: string, parts: Partial<Service> = {}): Service {
  return { name: 'test', version, metadata: {}, endpoints: [], nodes: [node('1')], ...parts }
}

const node = (id: string, metadata: Metadata = {}) => ({ id, address: '198.18.0.1:80', metadata })
const endpoints = (...names: string[]) => ({ endpoints: names.map((name) => ({ name })) })

describe('TestFilterEndpoint:', () => {
  const services = [service('1.0.0', endpoints('Foo.Bar')), service('1.1.0', endpoints('Baz.Bar'))]
  test.each([
    ['Foo.Bar', ['1.0.0']],
    ['Bar.Baz', []],
  ])('%s leaves %j', (name, versions) => {
    expect(byEndpoint(name)(services).map(({ version }) => version)).toEqual(versions)
  })
})

describe('TestFilterLabel:', () => {
  const nodes = [node('1', { foo: 'bar' }), node('2', { foo: 'baz' })]
  test.each<readonly [string, string, string[]]>([
    ['foo', 'bar', ['1.0.0 1']],
    ['foo', 'baz', ['1.0.0 2']],
    ['bar', 'foo', []],
    ['toString', 'foo', []],
  ])('%s=%s leaves %j', (key, value, left) => {
    const services = [service('1.0.0', { nodes }), service('1.1.0')]
    const found = byLabel(key, value)(services)
    expect(found.flatMap(({ version, nodes }) => nodes.map(({ id }) => `${version} ${id}`))).toEqual(left)
    expect(services[0]?.nodes).toBe(nodes)
  })
})

describe('TestFilterVersion:', () => {
  test.each([
    ['1.0.0', 1],
    ['2.0.0', 0],
  ])('%s leaves %i', (version, count) => {
    expect(byVersion(version)([service('1.0.0'), service('1.1.0')])).toHaveLength(count)
  })
})
