// Clients call services that they found: go-micro's client one of Node.js, and Node.js one of go-micro's server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MAJORS, missing } from './go-micro.ts'
import { MicroLan } from './micro-lan.ts'
import type { Program } from './program.ts'
import { given } from './services.ts'

const OURS = '198.18.0.1'
const THEIRS = '198.18.0.2'
const HELLO = 'Greeter.Hello'

describe.skipIf(missing).concurrent.each(MAJORS)('ours and go-micro %s', (major) => {
  const lan = new MicroLan()
  let go: Program
  let ours: Program

  beforeAll(async () => {
    const [ourHost, theirHost] = [lan.host('ours', `${OURS}/24`), lan.host('theirs', `${THEIRS}/24`)]
    ;[go, ours] = await Promise.all([lan.go(major, theirHost), lan.ours(ourHost, { backend: 'go-micro' })])
  })

  afterAll(() => lan.close())

  test("go-micro's client calls an HTTP server that is advertised here", async () => {
    await ours.serve(given('advertised', '1.0.0', { id: 'advertised-1', address: `${OURS}:0` }))
    expect(await go.call('advertised', HELLO, { name: 'Go' })).toEqual({ name: 'Go', text: 'Hello Go' })
  })

  test("what go-micro's server registers has its endpoints and metadata here, and can be called", async () => {
    await go.serve(given('greeter', '1.2.0', { id: '6f1c2b9e', address: `${THEIRS}:8081`, metadata: { zone: 'café' } }))
    const [service, ...more] = await ours.get('greeter')
    expect(more).toEqual([])
    expect(service).toMatchObject({ name: 'greeter', version: '1.2.0' })
    const value = (name: string, type: string) => ({ name, type, values: [] })
    const greeting = (name: string) => ({
      ...value(name, name),
      values: [value('name', 'string'), value('text', 'string')],
    })
    expect(service?.endpoints).toMatchObject([
      { name: HELLO, request: greeting('Greeting'), response: greeting('Greeting'), metadata: {} },
    ])
    expect(service?.nodes).toMatchObject([
      {
        id: 'greeter-6f1c2b9e',
        address: `${THEIRS}:8081`,
        metadata: { zone: 'café', registry: 'mdns', server: 'mucp', transport: 'http', protocol: 'mucp' },
      },
    ])
    expect(await ours.call('greeter', HELLO, { name: 'Node' })).toEqual({ name: 'Node', text: 'Hello Node' })
    expect(await go.call('greeter', HELLO, { name: 'Go' })).toEqual({ name: 'Go', text: 'Hello Go' })
  })
})
