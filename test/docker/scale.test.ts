// From three containers to twenty and back, on a network with both IP versions.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { created, deleted, expectDiffs, startMembers } from './cluster.ts'
import { sweep } from './engine.ts'
import type { Diff } from './events.ts'
import type { Member } from './member.ts'
import { createNetwork, type Network } from './network.ts'

const SETTLED_WITHIN = 20_000

describe.skipIf(inject('engineMissing'))('scale from 3 to 20 and back', () => {
  let network: Network
  let first: readonly Member[] = []
  let more: readonly Member[] = []
  const addresses = new Map<Member, string>()

  const start = async (count: number): Promise<readonly Member[]> => {
    const ids = Array.from({ length: count }, (_, index) => `node-${addresses.size + index + 1}`)
    const started = await startMembers(ids.map((id) => ({ id, networks: [network] })))
    for (const member of started) addresses.set(member, await member.addressOn(network))
    return started
  }
  const address = (member: Member) => addresses.get(member) ?? 'no address'
  const creates = (members: readonly Member[]): Diff =>
    Object.fromEntries(members.map((member) => [member.id, [created(member, address(member))]]))

  beforeAll(async () => {
    network = await createNetwork({ subnet: 0, ipv6: true })
    first = await start(3)
  })
  afterAll(sweep)

  test('three are told of three', async () => {
    await expectDiffs(first, () => creates(first))
  })

  test('seventeen more: the three are told of those, the new ones of all twenty', async () => {
    more = await start(17)
    expect(new Set(addresses.values()).size).toBe(20)
    const [diff, all] = [creates(more), creates([...first, ...more])]
    await expectDiffs([...first, ...more], (member) => (first.includes(member) ? diff : all), SETTLED_WITHIN)
  })

  test('seventeen are stopped at once: the three are told of each goodbye', async () => {
    const codes = await Promise.all(more.map((member) => member.stop()))
    expect(codes).toEqual(more.map(() => 0))
    const goodbyes = more.map((member) => [member.id, [deleted(member, address(member), 'goodbye')]] as const)
    await expectDiffs(first, () => Object.fromEntries(goodbyes))
  })
})
