// The command line on hosts of its own: a host with loopback alone, and two hosts on one wire.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { type NamespaceHost, Namespaces } from './cli-namespaces.ts'

const namespaces = new Namespaces()
const cli = new CliProcesses()
let alone: NamespaceHost
let left: NamespaceHost
let right: NamespaceHost

const GOODBYE_WITHIN = 1500
const TTL = 5

beforeAll(() => {
  alone = namespaces.loopback()
  ;[left, right] = namespaces.pair()
})
afterEach(() => cli.endAll())
afterAll(() => namespaces.deleteAll())

interface Site {
  readonly server: NamespaceHost
  readonly client: NamespaceHost
}
const SITES: readonly (readonly [string, () => Site])[] = [
  ['a host with loopback alone', () => ({ server: alone, client: alone })],
  ['two hosts on one wire', () => ({ server: left, client: right })],
]

describe.each(SITES)('%s', (_title, site) => {
  test('a node arrives as it was registered; SIGTERM takes it away at once', async () => {
    const { server, client } = site()
    const words = ['--port', '8080', '--id', 'greeter-1', '--service-version', '2.1.0', '--endpoint', 'Greeter.Hello']
    const metadata = ['--metadata', 'team=a', '--metadata', 'Mixed Case=größe = 5']
    const watcher = cli.start(['watch', 'greeter', '--json'], client.before)
    const registered = cli.start(['register', 'greeter', ...words, ...metadata, '--json'], server.before)
    await registered.line({ event: 'registered' })

    const node = { id: 'greeter-1', metadata: { team: 'a', 'Mixed Case': 'größe = 5' } }
    const service = { name: 'greeter', version: '2.1.0', endpoints: [{ name: 'Greeter.Hello' }], nodes: [node] }
    expect(await watcher.line({ action: 'create' })).toMatchObject({ service })
    for (const words of [['get', 'greeter'], ['list']]) {
      const { code, stdout } = await cli.run([...words, '--json'], client.before)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject(service)
    }

    const ended = registered.stop('SIGTERM')
    const gone = await watcher.line({ action: 'delete' }, GOODBYE_WITHIN)
    expect(gone).toMatchObject({ reason: 'goodbye', service: { name: 'greeter', nodes: [node] } })
    expect((await ended).code).toBe(0)
    expect((await cli.run(['get', 'greeter', '--timeout', '500'], client.before)).code).toBe(1)
  })

  test('RFC 6762 §10: a process that dies is forgotten when its TTL has run out, and not before', async () => {
    const { server, client } = site()
    const watcher = cli.start(['watch', 'mortal', '--json'], client.before)
    const registered = cli.start(['register', 'mortal', '--port', '1', '--ttl', `${TTL}`, '--json'], server.before)
    await registered.line({ event: 'registered' })
    await watcher.line({ action: 'create' })
    const killed = performance.now()
    await registered.stop('SIGKILL')
    const gone = await watcher.line({ action: 'delete' }, (TTL + 4) * 1000)
    expect(gone).toMatchObject({ reason: 'expired', service: { name: 'mortal' } })
    expect(performance.now() - killed).toBeGreaterThan((TTL - 0.5) * 1000)
  })

  test.each(['Printer v1.2 (lab)', 'Größe № 5'])('%s is browsed as it was advertised', async (name) => {
    const { server, client } = site()
    const browser = cli.start(['browse', '-r', '_ipp._tcp', '--json'], client.before)
    const advertised = cli.start(['advertise', name, '_ipp._tcp', '631', 'rp=größe', '--json'], server.before)
    expect(await advertised.line({ event: 'published' })).toMatchObject({ name })
    expect(await browser.line({ event: 'up' })).toMatchObject({ name, port: 631, txt: { rp: 'größe' } })
    await advertised.stop()
    await browser.line({ event: 'down', name }, GOODBYE_WITHIN)
  })
})

describe('two hosts on one wire', () => {
  test('each family alone is enough; an instance has the addresses of its own host', async () => {
    cli.start(['advertise', 'Box', '_http._tcp', '80', '--json'], left.before)
    const [four, six] = await Promise.all(
      ['-4', '-6'].map((family) => cli.run(['resolve', 'Box', '_http._tcp', '--json', family], right.before)),
    )
    expect(four).toMatchObject({ code: 0, stderr: '' })
    expect(six).toMatchObject({ code: 0, stderr: '' })
    const [heard4, heard6] = [JSON.parse(four?.stdout ?? ''), JSON.parse(six?.stdout ?? '')]
    expect(heard4.addresses).toContain('198.18.0.1')
    expect(heard6.addresses).toEqual(expect.arrayContaining([expect.stringMatching(/^fe80::.*%wire$/)]))
    expect([...heard4.addresses, ...heard6.addresses]).not.toContain('127.0.0.1')
    const looked = await cli.run(['lookup', heard4.host, '-6', '--json'], right.before)
    expect(looked.code).toBe(0)
    expect(JSON.parse(looked.stdout)).toMatchObject({ family: 6, interface: 'wire' })
  })
})
