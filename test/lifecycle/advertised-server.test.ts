// A server that comes, goes, moves and comes back, and what is registered meanwhile.
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { connect, createServer as createTcp, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AdvertiseOptions, advertise, type Result, type ServerSource } from '../../src/index.ts'
import { KeptRig } from './kept-rig.ts'
import { closed, listen, portOf } from './listening.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

let rig: KeptRig
let server: Server
let results: Result[]

beforeEach(() => {
  rig = new KeptRig()
  results = []
  rig.there.watch().on('result', (result) => results.push(result))
  server = createHttp((_, response) => response.write('hello'))
})
afterEach(async () => {
  await rig.close()
  await closed(server)
})

function start(source: ServerSource = 'greeter', options: AdvertiseOptions = {}) {
  const { clock } = rig.world
  const advertised = advertise(server, source, { registry: rig.registry, clock, random: () => 0, ...options })
  return advertised
}

const story = () =>
  results.map(({ action, service }) => `${action} ${service.nodes[0]?.address.replace('127.0.0.1', '')}`)
const idsOf = () => new Set(results.map(({ service }) => service.nodes[0]?.id))

describe('a server that is closed', () => {
  test('deregisters, although connections keep it from its `close` event', async () => {
    const port = await listen(server)
    const advertised = start()
    await rig.until(advertised.ready)
    const connection = connect(port, '127.0.0.1')
    connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(connection, 'data')
    let isClosed = false
    server.close(() => {
      isClosed = true
    })
    await rig.run(100)
    expect({ isClosed, listening: server.listening, state: advertised.state }).toEqual({
      isClosed: false,
      listening: false,
      state: 'waiting',
    })
    expect(story()).toEqual([`create :${port}`, `delete :${port}`])
    connection.destroy()
    await once(server, 'close')
    await rig.run(1_000)
    expect(rig.times('deregister')).toHaveLength(1)
  })

  test('deregisters at once when there are no connections', async () => {
    const port = await listen(server)
    await rig.until(start().ready)
    await closed(server)
    await turn()
    expect([rig.now, story()]).toEqual([0, [`create :${port}`, `delete :${port}`]])
  })

  test('is back with the same node id when it listens again, at its new port', async () => {
    const first = await listen(server)
    const advertised = start()
    await rig.until(advertised.ready)
    await closed(server)
    await rig.run(5_000)
    expect(advertised.state).toBe('waiting')
    const second = await listen(server)
    await turn()
    expect(advertised.state).toBe('registered')
    expect(story()).toEqual([`create :${first}`, `delete :${first}`, `create :${second}`])
    expect(idsOf().size).toBe(1)
    await rig.until(advertised.stop())
  })

  test('and listens elsewhere in the same moment is updated in place', async () => {
    const first = await listen(server)
    const advertised = start()
    await rig.until(advertised.ready)
    server.close()
    const second = await listen(server)
    await turn()
    expect(advertised.state).toBe('registered')
    const between = first === second ? [] : [`update :${second}`]
    expect(story().filter((line) => !line.startsWith('delete'))).toEqual([
      `create :${first}`,
      ...(story().includes(`delete :${first}`) ? [`create :${second}`] : between),
    ])
    expect(idsOf().size).toBe(1)
  })

  test('while it is being registered rejects `ready`, and leaves nothing', async () => {
    rig = new KeptRig('mdns')
    await listen(server)
    const advertised = start()
    await rig.run(100)
    await closed(server)
    await rig.run(100)
    await expect(advertised.ready).rejects.toMatchObject({ code: 'ERR_NOT_LISTENING' })
    await rig.run(3_000)
    expect(await rig.seen()).toEqual([])
  })
})

test('it is renewed, checked and tried again as what is kept registered', async () => {
  let healthy = true
  await listen(server)
  const advertised = start('greeter', { interval: 1_000, ttl: 5, check: () => healthy })
  await rig.until(advertised.ready)
  rig.failures.push(new Error('connection lost'))
  await rig.run(1_500)
  healthy = false
  await rig.run(1_000)
  expect(advertised.state).toBe('unhealthy')
  healthy = true
  await rig.run(1_000)
  expect(rig.times('register')).toEqual([0, 1_000, 1_100, 3_000])
  expect(results.map(({ action }) => action)).toEqual(['create', 'delete', 'create'])
  expect(idsOf().size).toBe(1)
})

test('a service that is told anew goes out with each renewal', async () => {
  let load = 0
  await listen(server)
  start(() => ({ name: 'greeter', node: { metadata: { load: String(load++) } } }), { interval: 1_000 })
  await rig.run(2_500)
  expect(results.map(({ service }) => service.nodes[0]?.metadata.load)).toEqual(['0', '1', '2'])
})

test('an update of a server that does not listen waits for it', async () => {
  const advertised = start('greeter')
  expect(await advertised.update('waver')).toBeUndefined()
  await listen(server)
  expect((await rig.until(advertised.ready)).name).toBe('waver')
})

describe('stop', () => {
  test('deregisters and leaves the server as it was, listeners included', async () => {
    const events = ['listening', 'close', 'error'] as const
    const before = events.map((event) => server.listenerCount(event))
    await listen(server)
    const advertised = start()
    await rig.until(advertised.ready)
    await rig.until(Promise.all([advertised.stop(), advertised.stop()]))
    expect(results.at(-1)).toMatchObject({ action: 'delete', reason: 'goodbye' })
    expect(events.map((event) => server.listenerCount(event))).toEqual(before)
    expect([server.listening, advertised.state]).toEqual([true, 'stopped'])
    await closed(server)
    await listen(server)
    await rig.run(100_000)
    expect(rig.times('register')).toHaveLength(1)
  })

  test('comes with the signal, before or after', async () => {
    const end = new AbortController()
    await listen(server)
    const advertised = start('greeter', { signal: end.signal })
    await rig.until(advertised.ready)
    end.abort(new Error('enough'))
    await rig.run(1)
    expect(results.at(-1)).toMatchObject({ action: 'delete' })
    await expect(start('greeter', { signal: end.signal }).ready).rejects.toThrow('enough')
    expect(rig.times('register')).toHaveLength(1)
  })

  test('comes with the end of the registry that was given', async () => {
    await listen(server)
    const advertised = start()
    await rig.until(advertised.ready)
    await rig.until(rig.registry.close())
    await rig.run(1_000)
    expect(advertised.state).toBe('stopped')
    expect(server.listenerCount('close')).toBe(0)
  })
})

test('errors of a server that listens are none of ours', async () => {
  server = createTcp()
  await listen(server)
  const advertised = start()
  await rig.until(advertised.ready)
  expect(() => server.emit('error', new Error('accept failed'))).toThrow('accept failed')
  await rig.run(1_000)
  expect([advertised.state, portOf(server) > 0]).toEqual(['registered', true])
})
