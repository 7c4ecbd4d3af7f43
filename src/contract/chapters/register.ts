// Owns what the contract says of a first register, and of what others are told of it.
// Does not own register again (register-again.ts) nor what is refused (refusals.ts).
import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import type { Value } from '../../registry/types.ts'
import { chapter } from '../case.ts'
import { greeter, withNode, withNodes } from '../greeter.ts'

const LONG = 'A long text, of many bytes. '.repeat(12)

export const register = chapter('register', {
  'what was registered is found elsewhere, complete': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [registered])
    assert.deepEqual(registered, greeter)
  },

  'and here, like the nodes of everybody else': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    assert.deepEqual(await stage.found(stage.here, 'greeter'), [registered])
  },

  'what is left out has a default, and all of it is told to who registers': async (stage) => {
    const registered = await stage.until(
      stage.here.register({ name: 'plain', nodes: [{ address: '198.18.0.11:80' }], endpoints: [{ name: 'Plain' }] }),
    )
    const [{ id, ...node } = { id: '' }] = registered.nodes
    assert.match(id, /^plain-[0-9a-f]{8}$/)
    assert.deepEqual(node, { address: '198.18.0.11:80', metadata: {} })
    assert.deepEqual(
      { ...registered, nodes: [] },
      {
        name: 'plain',
        version: 'latest',
        metadata: {},
        endpoints: [{ name: 'Plain', request: null, response: null, metadata: {} }],
        nodes: [],
      },
    )
    assert.deepEqual(await stage.found(stage.there, 'plain'), [registered])
  },

  'go-micro TestEncoding: nested values, long ones and letters of any script arrive as they are': async (stage) => {
    const deep: Value = {
      name: 'a',
      type: 'A',
      values: [{ name: 'b', type: '[]B', values: [{ name: 'c', type: 'map[string]C', values: [] }] }],
    }
    const metadata = { 'Größe=x': '大きい', empty: '', long: LONG, quote: '"\\\n\u0000', __proto__x: '1' }
    const endpoint = { name: 'A.B', request: deep, response: null, metadata }
    const nodes = [{ id: 'rich-1', address: '198.18.0.11:80', metadata }]
    const registered = await stage.until(
      stage.here.register({ name: 'rich', version: '1.0 β', metadata, endpoints: [endpoint], nodes }),
    )
    assert.deepEqual(registered, { name: 'rich', version: '1.0 β', metadata, endpoints: [endpoint], nodes })
    assert.deepEqual(await stage.found(stage.there, 'rich'), [registered])
  },

  'several nodes at once are all found': async (stage) => {
    await stage.until(stage.here.register(withNodes(['g-2', 'g-1', 'g-3'])))
    assert.deepEqual(await stage.ids(stage.there, 'greeter', { minNodes: 3 }), [['g-1', 'g-2', 'g-3']])
  },

  'an IPv6 address is told in brackets': async (stage) => {
    await stage.until(stage.here.register(withNode('g-1', { nodes: [{ id: 'g-1', address: '[2001:db8::7]:80' }] })))
    const [service] = await stage.found(stage.there, 'greeter')
    assert.equal(service?.nodes[0]?.address, '[2001:db8::7]:80')
  },

  'an address of whatever this machine has is told as one that can be connected to': async (stage) => {
    const nodes = [':8001', '0.0.0.0:8002', '[::]:8003'].map((address, n) => ({ id: `g-${n + 1}`, address }))
    await stage.until(stage.here.register({ ...greeter, nodes }))
    const [service] = await stage.found(stage.there, 'greeter', { minNodes: 3 })
    const told = service?.nodes.map(({ address }) => /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(address) ?? []) ?? []
    assert.deepEqual(
      told.map(([, , , port]) => port),
      ['8001', '8002', '8003'],
    )
    for (const [text, six, four = ''] of told) {
      const host = (six ?? four).replace(/%.*/, '')
      assert.ok(isIP(host) !== 0 && !['0.0.0.0', '::'].includes(host), `${text} is no address to connect to`)
    }
  },
})
