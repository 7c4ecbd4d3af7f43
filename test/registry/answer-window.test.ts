import { describe, expect, test } from 'vitest'
import type { RegistryError } from '../../src/errors.ts'
import { decode } from '../../src/wire/decode.ts'
import { type SimulatedLink, simulatedLink } from './mdns-link.ts'
import { greeter } from './parties.ts'

const SECOND = 1000

/** A link on which these nodes of one service are known to themselves. */
async function linkOf(ids: readonly string[]): Promise<SimulatedLink> {
  const link = simulatedLink()
  for (const id of ids) {
    const there = link.on(link.world.host({ name: `host-${id}` }))
    await link.until(there.register({ ...greeter, nodes: [{ id, address: ':1' }] }))
  }
  await link.run(3 * SECOND)
  return link
}

/** How long after its last question, on whichever link, `verb` had its answer. */
async function afterQuestion(link: SimulatedLink, verb: () => Promise<unknown>): Promise<number> {
  await link.until(verb())
  const done = link.world.now
  const sent = link.world.transcript.filter(({ sender, bytes }) => sender === 'here' && !decode(bytes).response)
  const pointers = sent.filter(({ bytes }) => decode(bytes).questions.some(({ type }) => type === 'PTR'))
  return done - (pointers.at(-1)?.at ?? Number.NaN)
}

describe('an answer is complete when all who may give one had their time', () => {
  test.each([
    ['one node', ['one']],
    ['several, which answer one after another', ['one', 'three', 'two']],
  ])('getService of %s takes no longer than that', async (_, ids) => {
    const link = await linkOf(ids)
    const here = link.on(link.world.host({ name: 'here' }))
    const found = here.getService('greeter')
    const took = await afterQuestion(link, () => found)
    expect(took).toBeGreaterThanOrEqual(125)
    expect(took).toBeLessThan(126)
    const [service] = await link.until(found)
    expect(service?.nodes.map(({ id }) => id)).toEqual(ids)
  })

  test('listServices waits for those as well that have just multicast their records', async () => {
    const link = await linkOf(['one'])
    const here = link.on(link.world.host({ name: 'here' }))
    const took = await afterQuestion(link, () => here.listServices())
    expect(took).toBeLessThan(1_126)
  })

  test('of what a browser has asked for already it is complete at once', async () => {
    const link = await linkOf(['one', 'two'])
    const here = link.on(link.world.host({ name: 'here' }))
    await link.until(here.getService('greeter'))
    const start = link.world.now
    await link.until(here.getService('greeter'))
    expect(link.world.now).toBe(start)
  })

  test('where nobody answers the timeout is what it was', async () => {
    const link = await linkOf([])
    const here = link.on(link.world.host({ name: 'here' }))
    const start = link.world.now
    const failed = await link.until(
      here.getService('greeter', { timeout: 700 }).then(
        () => undefined,
        ({ code }: RegistryError) => code,
      ),
    )
    expect([failed, link.world.now - start]).toEqual(['ERR_NOT_FOUND', 700])
  })
})
