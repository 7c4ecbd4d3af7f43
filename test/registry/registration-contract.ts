// Owns what every backend does alike with registrations: updates, lapses, conflicts, their end; as tests.
// Does not own the world in which they run (contract.ts).
import { describe, expect, test } from 'vitest'
import { code, follow, greeter, here, ids, link, sequence, story, there, until, withNode } from './parties.ts'

describe('register again', () => {
  test('with changed data is an update in place', async () => {
    await until(here.register(greeter))
    const results = follow(there.watch({ service: 'greeter' }))
    await link.run(3_000)
    await until(here.register({ ...greeter, metadata: { team: 'b' } }))
    await link.run(3_000)
    expect(story(results)).toEqual(['create greeter 1.0.0 greeter-1', 'update greeter 1.0.0 greeter-1'])
    expect(results.at(-1)?.service.metadata).toEqual({ team: 'b' })
  })

  test('with another port is an update in place', async () => {
    await until(here.register(greeter))
    const results = follow(there.watch({ service: 'greeter' }))
    await link.run(3_000)
    await until(here.register(withNode('greeter-1', { nodes: [{ id: 'greeter-1', address: '198.18.0.11:1' }] })))
    await link.run(3_000)
    expect(results.map(({ action }) => action)).toEqual(['create', 'update'])
    expect(results.at(-1)?.service.nodes[0]?.address).toBe('198.18.0.11:1')
  })

  test('with another address ends with that address', async () => {
    await until(here.register(greeter))
    await until(there.getService('greeter'))
    await until(here.register(withNode('greeter-1', { nodes: [{ id: 'greeter-1', address: '198.18.0.99:1' }] })))
    await link.run(3_000)
    expect((await until(there.getService('greeter')))[0]?.nodes[0]?.address).toBe('198.18.0.99:1')
  })

  test('with the same data is no news', async () => {
    await until(here.register(greeter))
    const results = follow(there.watch())
    await link.run(3_000)
    await until(here.register(greeter))
    await link.run(3_000)
    expect(results.map(({ action }) => action)).toEqual(['create'])
  })

  test('under another version is a delete and a create', async () => {
    await until(here.register(greeter))
    const results = follow(there.watch())
    await link.run(3_000)
    await until(here.register({ ...greeter, version: '2.0.0' }))
    await link.run(3_000)
    expect(story(results)).toEqual([
      'create greeter 1.0.0 greeter-1',
      'delete greeter 1.0.0 greeter-1',
      'create greeter 2.0.0 greeter-1',
    ])
  })

  test('under another name leaves nothing under the old one', async () => {
    await until(here.register(greeter))
    await until(there.getService('greeter'))
    await until(here.register({ ...greeter, name: 'waver' }))
    await link.run(3_000)
    expect(ids(await until(there.getService('waver')))).toEqual([['greeter-1']])
    await expect(until(there.getService('greeter', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
  })

  test('without an id renews the node that got one before', async () => {
    const input = { name: 'greeter', nodes: [{ address: ':8080' }] }
    const first = await until(here.register(input))
    expect(first.nodes[0]?.id).toMatch(/^greeter-[0-9a-f]{8}$/)
    expect(await until(here.register(input))).toEqual(first)
    expect(ids(await until(there.getService('greeter')))).toEqual(ids([first]))
  })
})

describe('ttl', () => {
  test('a registration that is not renewed lapses', async () => {
    await until(here.register(greeter, { ttl: 30 }))
    const results = follow(there.watch())
    await link.run(29_000)
    expect(results.map(({ action }) => action)).toEqual(['create'])
    await link.run(3_500)
    expect(story(results)).toEqual(['create greeter 1.0.0 greeter-1', 'delete greeter 1.0.0 greeter-1'])
    await expect(until(there.getService('greeter', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
  })

  test('a renewal counts from when it is made, and one without ttl ends the lapse', async () => {
    await until(here.register(greeter, { ttl: 30 }))
    const results = follow(there.watch())
    for (let i = 0; i < 4; i++) {
      await link.run(20_000)
      await until(here.register(greeter, { ttl: 30 }))
    }
    await until(here.register(greeter))
    await link.run(120_000)
    expect(results.map(({ action }) => action)).toEqual(['create'])
  })

  test('who lapsed may register again', async () => {
    await until(here.register(greeter, { ttl: 5 }))
    await link.run(10_000)
    await until(here.register(greeter, { ttl: 60 }))
    await link.run(2_000)
    expect(ids(await until(there.getService('greeter')))).toEqual([['greeter-1']])
  })
})

describe('conflicts and failures', () => {
  test('an id that another program has is refused, and that program is not disturbed', async () => {
    await until(here.register(greeter))
    const results = follow(here.watch())
    await expect(until(there.register(withNode('greeter-1')))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
    await link.run(3_000)
    expect(results.map(({ action }) => action)).toEqual(['create'])
    expect((await until(here.getService('greeter')))[0]?.nodes[0]?.address).toBe('198.18.0.11:8080')
  })

  test('ids are equal without regard to ASCII case', async () => {
    await until(here.register(greeter))
    await expect(until(there.register(withNode('GREETER-1')))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
  })

  test('a made-up id that is taken is made up anew', async () => {
    const twin = (port: number) => ({ nodes: [{ address: `198.18.0.11:${port}` }], name: 'twin' })
    const [a, b] = [link.registry({ random: () => 0.5 }), link.registry({ random: sequence(0.5, 0.25) })]
    const first = await until(a.register(twin(1)))
    const second = await until(b.register(twin(2)))
    expect(ids([first, second])).toEqual([['twin-80000000'], ['twin-40000000']])
    await until(Promise.all([a.close(), b.close()]))
  })

  test('a register of several nodes that fails undoes what it began and changes nothing else', async () => {
    await until(there.register(withNode('taken')))
    await until(here.register(withNode('mine')))
    const [before] = await until(here.getService('greeter', { minNodes: 2 }))
    const nodes = ['new', 'taken', 'mine'].map((id) => ({ id, address: '198.18.0.11:7' }))
    await expect(until(here.register({ ...greeter, nodes }))).rejects.toThrow(code('ERR_NAME_CONFLICT'))
    await link.run(3_000)
    expect(await until(here.getService('greeter'))).toEqual([before])
  })

  test('what is invalid is refused by every verb that takes it', async () => {
    await expect(here.register({ ...greeter, name: '' })).rejects.toThrow(code('ERR_INVALID_NAME'))
    await expect(here.register(greeter, { ttl: 0 })).rejects.toThrow(code('ERR_INVALID_TTL'))
    await expect(here.register(withNode('x', { metadata: { blob: 'x'.repeat(70_000) } }))).rejects.toThrow(
      code('ERR_TXT_TOO_LARGE'),
    )
    await expect(here.getService('')).rejects.toThrow(code('ERR_INVALID_NAME'))
    expect(() => here.watch({ service: 'x'.repeat(64) })).toThrow(code('ERR_NAME_TOO_LONG'))
  })

  test('a TXT record above 1,300 bytes is warned of, once', async () => {
    const warnings: string[] = []
    here.on('warning', (warning) => warnings.push(warning.code))
    const noise = Array.from({ length: 500 }, (_, i) => ((i * 2654435761) >>> 7).toString(36)).join('')
    await until(here.register(withNode('big', { metadata: { noise } })))
    await until(here.register(withNode('big', { metadata: { noise } })))
    expect(warnings).toEqual(['ERR_TXT_TOO_LARGE'])
    expect((await until(there.getService('greeter')))[0]?.metadata).toEqual({ noise })
  })
})

describe('deregister', () => {
  test('ends the given nodes only', async () => {
    await until(here.register({ ...greeter, nodes: ['a', 'b'].map((id) => ({ id, address: '198.18.0.11:80' })) }))
    await until(there.getService('greeter', { minNodes: 2 }))
    await until(here.deregister(withNode('a')))
    await link.run(1_500)
    expect(ids(await until(there.getService('greeter')))).toEqual([['b']])
  })

  test('without nodes ends all of this name and version', async () => {
    for (const id of ['a', 'b']) await until(here.register(withNode(id)))
    await until(here.register(withNode('c', { version: '2.0.0' })))
    await until(there.getService('greeter', { minNodes: 3 }))
    await until(here.deregister({ ...greeter, nodes: [] }))
    await link.run(1_500)
    expect(ids(await until(there.getService('greeter')))).toEqual([['c']])
  })

  test('right after register, without waiting, ends it', async () => {
    const registered = here.register(greeter)
    await until(here.deregister(greeter))
    await until(registered)
    await link.run(2_000)
    await expect(until(there.getService('greeter', { timeout: 500 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
  })

  test('of what is not there, or not ours, does nothing', async () => {
    await until(here.register(greeter))
    await until(there.deregister(greeter))
    await until(here.deregister(withNode('other')))
    await link.run(1_500)
    expect(ids(await until(there.getService('greeter')))).toEqual([['greeter-1']])
  })
})
