// The image: what is in it, as whom it runs, and that both the command and the library work there.
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { GenericContainer, Wait } from 'testcontainers'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { IMAGE, LABELS, sweep } from './engine.ts'

const PACKAGE = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const PLACE = '/app/node_modules'
/** What the dependencies depend on themselves. */
const INDIRECT = ['@leichtgewicht']

const USE_LIBRARY = `
  import { createRegistry } from 'mdns-registry'
  import { createDnssd } from 'mdns-registry/dnssd'
  import { World } from 'mdns-registry/sim'
  const registry = createRegistry({ backend: 'memory' })
  await registry.register({ name: 'greeter', nodes: [{ id: 'one', address: '198.18.0.1:80' }] })
  const [service] = await registry.getService('greeter')
  console.log([service.nodes[0].id, typeof createDnssd, typeof World].join(' '))
  await registry.close()
`
const LOOK_AROUND = `
  import { readdirSync } from 'node:fs'
  const place = '${PLACE}'
  const [packages, own, dist] = ['', '/mdns-registry', '/mdns-registry/dist'].map((path) => readdirSync(place + path))
  console.log(JSON.stringify({ user: process.getuid(), packages, own, dist }))
`

/** What one run in a container without any network prints, to its end. */
async function printed(container: GenericContainer): Promise<string> {
  const started = await container
    .withNetworkMode('none')
    .withLabels(LABELS)
    .withWaitStrategy(Wait.forOneShotStartup())
    .start()
  return (await text(await started.logs())).trim()
}

function script(source: string): GenericContainer {
  return new GenericContainer(IMAGE).withEntrypoint(['node']).withCommand(['--input-type=module', '--eval', source])
}

describe.skipIf(inject('engineMissing'))('docker/Dockerfile', () => {
  afterAll(sweep)

  test('the command is what a container runs', async () => {
    expect(await printed(new GenericContainer(IMAGE).withCommand(['--version']))).toBe(PACKAGE.version)
    expect(await printed(new GenericContainer(IMAGE))).toContain('Usage: mdns-registry')
  })

  test('a program below /app imports the library', async () => {
    expect(await printed(script(USE_LIBRARY))).toBe('one function function')
  })

  test('it holds the package and what it needs at run time, no more, and does not run as root', async () => {
    const { user, packages, own, dist } = JSON.parse(await printed(script(LOOK_AROUND)))
    expect(user).toBe(1000)
    expect(packages.sort()).toEqual([...Object.keys(PACKAGE.dependencies), ...INDIRECT, PACKAGE.name].sort())
    expect(own.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
    expect(dist).toContain('index.js')
    expect(dist).not.toContain('internals.js')
  })
})
