import { describe, expect, test } from 'vitest'
import type { Transmission } from '../../src/sim/network.ts'
import { decode } from '../../src/wire/decode.ts'
import { simulatedLink } from './mdns-link.ts'
import { greeter } from './parties.ts'

const UUID = 'greeter-0f8fad5b-d9cb-469f-a165-70867728950e'
const SECOND = 1000

const probes = (sent: readonly Transmission[]) =>
  sent.filter(({ bytes }) => decode(bytes).authorities.length > 0).flatMap(({ bytes }) => decode(bytes).questions)

/** Registers `node` on a host that has its name already; how long until it was announced and until it was known. */
async function registered(node: { readonly id?: string; readonly address: string }) {
  const link = simulatedLink()
  const registry = link.on(link.world.host({ name: 'here' }))
  await link.until(registry.register({ ...greeter, nodes: [{ id: 'first', address: ':1' }] }))
  const watcher = link.registry().watch()
  const seen: string[] = []
  const at: number[] = []
  watcher.on('result', ({ service }) => {
    seen.push(service.nodes[0]?.id ?? '')
    at.push(link.world.now)
  })
  await link.run(5 * SECOND)
  const start = link.world.now
  const before = link.world.transcript.length
  const service = await link.until(registry.register({ ...greeter, nodes: [node] }, { probe: false }))
  const announced = link.world.now - start
  await link.run(SECOND)
  const known = at[seen.indexOf(service.nodes[0]?.id ?? '')] ?? Number.NaN
  return { service, announced, known: known - start, probes: probes(link.world.transcript.slice(before)) }
}

describe('R201 prskip: an id that nobody else can have', () => {
  test.each([
    ['a UUID', { id: UUID, address: ':8080' }],
    ['sixteen hex digits', { id: 'n-0123456789abcdef', address: '198.18.0.77:8080' }],
    ['one that is made up', { address: ':8080' }],
  ])('is announced at once with probe: false: %s', async (_, node) => {
    const { announced, known, probes: asked } = await registered(node)
    expect(asked).toEqual([])
    expect(announced).toBeLessThanOrEqual(1)
    expect(known).toBeLessThanOrEqual(40)
  })

  test('is made up with 64 random bits', async () => {
    const { service } = await registered({ address: ':8080' })
    expect(service.nodes[0]?.id).toMatch(/^greeter-[0-9a-f]{16}$/)
  })

  test('has to look like one: any other is refused before any packet', async () => {
    const link = simulatedLink()
    const registry = link.registry()
    const refused = expect.objectContaining({ code: 'ERR_INVALID_OPTION' })
    for (const id of ['greeter-1', 'greeter-0123abcd', 'deadbeef-cafe']) {
      const registering = registry.register({ ...greeter, nodes: [{ id, address: ':1' }] }, { probe: false })
      await expect(link.until(registering)).rejects.toEqual(refused)
    }
    expect(link.world.transcript).toEqual([])
  })

  test('is fought for all the same, should another host have it', async () => {
    const link = simulatedLink()
    const [one, two] = [link.on(link.world.host({ name: 'one' })), link.on(link.world.host({ name: 'two' }))]
    const warnings: string[] = []
    two.on('warning', ({ code }) => warnings.push(code))
    one.on('warning', ({ code }) => warnings.push(code))
    const node = (port: number) => ({ ...greeter, nodes: [{ id: UUID, address: `:${port}` }] })
    await link.until(one.register(node(1)))
    await link.until(two.register(node(2), { probe: false }))
    await link.run(20 * SECOND)
    expect(warnings).toEqual(['ERR_NAME_CONFLICT'])
    const [service] = await link.until(one.getService('greeter'))
    expect(service?.nodes).toHaveLength(1)
  })
})

test('R201 prskip: the name of the host is asked for in any case', async () => {
  const link = simulatedLink()
  const registry = link.on(link.world.host({ name: 'there' }))
  await link.until(registry.register({ ...greeter, nodes: [{ address: ':1' }] }, { probe: false }))
  await link.run(SECOND)
  expect(new Set(probes(link.world.transcript).map(({ name }) => name))).toEqual(new Set(['there.local']))
})
