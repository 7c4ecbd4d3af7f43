// Real servers of every kind, registered where they listen, for as long as they do.
import { createServer as createHttp } from 'node:http'
import { createServer as createHttp2, createSecureServer } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import express from 'express'
import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { advertise, createRegistry, MemoryStore, type Registry } from '../../src/index.ts'
import { closed, listen, portOf, until } from './listening.ts'

const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })

let store: MemoryStore
let registry: Registry
const servers: Server[] = []

beforeEach(() => {
  store = new MemoryStore()
  registry = createRegistry({ backend: 'memory', store })
})
afterEach(async () => {
  await registry.close()
  await Promise.all(servers.splice(0).map(closed))
})

/** Closed after the test. */
function made<S extends Server>(server: S): S {
  servers.push(server)
  return server
}

const seen = () => store.table.nodesOf(undefined).map(({ nodes }) => nodes[0]?.address)

describe('it takes port and protocol of', () => {
  const kinds: readonly (readonly [string, () => Server, string])[] = [
    ['an http.Server', () => createHttp(), 'http'],
    ['an https.Server', () => createHttps(), 'https'],
    ['an http2 server', () => createHttp2(), 'http'],
    ['a secure http2 server', () => createSecureServer(), 'https'],
    ['a net.Server', () => createTcp(), 'tcp'],
    ['a tls.Server', () => createTls(), 'tcp'],
  ]
  test.each(kinds)('%s', async (_, create, protocol) => {
    const server = made(create())
    const advertised = advertise(server, 'greeter', { registry })
    expect(advertised.state).toBe('waiting')
    const port = await listen(server)
    const service = await advertised.ready
    expect(service).toMatchObject({ name: 'greeter', version: 'latest' })
    expect(service.nodes).toMatchObject([{ address: `127.0.0.1:${port}`, metadata: { protocol } }])
    expect([advertised.state, advertised.service]).toEqual(['registered', service])
  })

  test('a Fastify instance, and leaves with it', async () => {
    const app = fastify()
    const advertised = advertise(app, 'greeter', { registry })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { nodes } = await advertised.ready
    expect(nodes[0]).toMatchObject({ address: `127.0.0.1:${portOf(app.server)}`, metadata: { protocol: 'http' } })
    await app.close()
    await until(() => seen().length === 0)
  })

  test('what the listen() of Express returned, and leaves with it', async () => {
    const server = made(express().listen(0, '127.0.0.1'))
    const advertised = advertise(server, 'greeter', { registry })
    const { nodes } = await advertised.ready
    expect(nodes[0]).toMatchObject({ address: `127.0.0.1:${portOf(server)}`, metadata: { protocol: 'http' } })
    await closed(server)
    await until(() => seen().length === 0)
  })
})

describe('the address', () => {
  test.each(['0.0.0.0', '::', undefined])('of a server that listens on %s stands for this machine', async (host) => {
    const server = made(createHttp())
    const port = await listen(server, host === undefined ? { port: 0 } : { host, port: 0 })
    await advertise(server, 'greeter', { registry }).ready
    // Memory is reached over loopback.
    expect((await registry.getService('greeter'))[0]?.nodes[0]?.address).toBe(`127.0.0.1:${port}`)
    expect((await advertise(server, 'other', { registry }).ready).nodes[0]?.address).toBe(`:${port}`)
  })

  test.each(['::1', '::ffff:127.0.0.1'])('of a server that listens on %s is that', async (host) => {
    const server = made(createHttp())
    const port = await listen(server, { host, port: 0 })
    const { nodes } = await advertise(server, 'greeter', { registry }).ready
    expect(nodes[0]?.address).toBe(host === '::1' ? `[::1]:${port}` : `127.0.0.1:${port}`)
  })

  test('id, metadata and address of the node can be given, and go out anew on update', async () => {
    const server = made(createHttp())
    await listen(server)
    const node = { id: 'one', metadata: { protocol: 'grpc', zone: 'b' }, address: '198.18.0.1:80' }
    const advertised = advertise(server, { name: 'greeter', version: '2', metadata: { team: 'a' }, node }, { registry })
    const service = await advertised.ready
    expect(service).toMatchObject({ version: '2', metadata: { team: 'a' }, nodes: [node] })
    const updated = await advertised.update({ name: 'greeter', version: '2', node: { id: 'one' } })
    expect(updated?.nodes).toEqual([
      { id: 'one', address: `127.0.0.1:${portOf(server)}`, metadata: { protocol: 'http' } },
    ])
  })

  test('no server, and one on a Unix socket, is refused', async () => {
    for (const given of [undefined, null, 'greeter', {}, { server: {} }, express()]) {
      expect(() => advertise(given as never, 'greeter', { registry })).toThrow(code('ERR_INVALID_SERVER'))
    }
    const early = made(createTcp())
    const advertised = advertise(early, 'greeter', { registry })
    await listen(early, { path: join(tmpdir(), `advertise-${process.pid}.sock`) })
    await expect(advertised.ready).rejects.toThrow(code('ERR_INVALID_SERVER'))
    expect(() => advertise(early, 'greeter', { registry })).toThrow(code('ERR_INVALID_SERVER'))
    expect(seen()).toEqual([])
  })
})

describe('before it listens', () => {
  test('an error rejects `ready`, is still one that nobody handled, and a later attempt is taken', async () => {
    const taken = made(createTcp())
    const port = await listen(taken)
    const server = made(createTcp())
    const advertised = advertise(server, 'greeter', { registry })
    expect(server.listenerCount('error')).toBe(0)
    const failed = new Promise((resolve) => server.once('error', resolve))
    server.listen(port, '127.0.0.1')
    await expect(advertised.ready).rejects.toThrow(code('ERR_NOT_LISTENING'))
    await failed
    const free = await listen(server)
    await until(() => seen()[0] === `127.0.0.1:${free}`)
    expect(advertised.state).toBe('registered')
  })

  test('`ready` of a server that never listens rejects when it is given up', async () => {
    const advertised = advertise(createTcp(), 'greeter', { registry })
    await advertised.stop()
    await expect(advertised.ready).rejects.toThrow(code('ERR_NOT_LISTENING'))
    expect(advertised.state).toBe('stopped')
  })

  test('an invalid service rejects `ready`, and ends it', async () => {
    const server = made(createTcp())
    await listen(server)
    const advertised = advertise(server, { name: '' }, { registry })
    await expect(advertised.ready).rejects.toThrow(code('ERR_INVALID_NAME'))
    expect(advertised.state).toBe('stopped')
    await until(() => server.listenerCount('close') === 0)
    expect(await advertised.update('greeter').catch((error) => error.code)).toBe('ERR_CLOSED')
  })

  test('an unknown backend and an interval that is none throw at once', () => {
    process.env.MICRO_REGISTRY = 'nowhere'
    expect(() => advertise(createTcp(), 'greeter')).toThrow(code('ERR_UNKNOWN_BACKEND'))
    delete process.env.MICRO_REGISTRY
    expect(() => advertise(createTcp(), 'greeter', { interval: 0 })).toThrow(code('ERR_INVALID_INTERVAL'))
  })
})
