// Containers on two networks at once: what each side is told, and what they are told of both sides.
import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { created, deleted, either, expectDiffs, startMembers, updated } from './cluster.ts'
import { sweep } from './engine.ts'
import type { Diff } from './events.ts'
import type { Member } from './member.ts'
import { createNetwork, type Network } from './network.ts'

const SHORT_TTL = 6
const EXPIRED_WITHIN = (SHORT_TTL + 4) * 1000

describe.skipIf(inject('engineMissing'))('two networks', () => {
  let networks: readonly [Network, Network]
  let members: readonly [Member, Member, Member, Member]
  /** Of every member on the left network, then on the right one, where it is on them. */
  const onLeft = new Map<Member, string>()
  const onRight = new Map<Member, string>()

  const left = (member: Member) => onLeft.get(member) ?? 'not on the left'
  const right = (member: Member) => onRight.get(member) ?? 'not on the right'

  beforeAll(async () => {
    networks = [await createNetwork({ subnet: 0 }), await createNetwork({ subnet: 1, ipv6: true })]
    const [one, two] = networks
    const [toTheLeft, toTheRight, both, bothToo] = await startMembers([
      { id: 'left', networks: [one] },
      { id: 'right', networks: [two] },
      { id: 'both', networks: [one, two], ttl: SHORT_TTL },
      { id: 'both-too', networks: [one, two] },
    ])
    if (!toTheLeft || !toTheRight || !both || !bothToo) throw new Error('four members were to start')
    members = [toTheLeft, toTheRight, both, bothToo]
    for (const member of [toTheLeft, both, bothToo]) onLeft.set(member, await member.addressOn(one))
    for (const member of [toTheRight, both, bothToo]) onRight.set(member, await member.addressOn(two))
  })
  afterAll(sweep)

  test('each side is told addresses of its own; who is on both is told of all, of who is on both once', async () => {
    const [toTheLeft, toTheRight, both, bothToo] = members
    // Of two addresses that are equally near, the lower one is told once both are known.
    const seen = (member: Member) =>
      either([created(member, left(member))], [created(member, right(member)), updated(member, left(member))])
    const all = {
      left: [created(toTheLeft, left(toTheLeft))],
      right: [created(toTheRight, right(toTheRight))],
      both: seen(both),
      'both-too': seen(bothToo),
    }
    const atLeft = [toTheLeft, both, bothToo].map((member) => [member.id, [created(member, left(member))]])
    const atRight = [toTheRight, both, bothToo].map((member) => [member.id, [created(member, right(member))]])
    const one: Diff = Object.fromEntries(atLeft)
    const other: Diff = Object.fromEntries(atRight)
    await expectDiffs(members, (member) => (member === toTheLeft ? one : member === toTheRight ? other : all))
  })

  test('one that joins a second network is told of it, and it of one; the first notices nothing', async () => {
    const [joiner, toTheRight] = members
    await joiner.join(networks[1])
    onRight.set(joiner, await joiner.addressOn(networks[1]))
    const atJoiner = { right: [created(toTheRight, right(toTheRight))] }
    const atRight = { left: [created(joiner, right(joiner))] }
    await expectDiffs(members, (member) => (member === joiner ? atJoiner : member === toTheRight ? atRight : {}))
  })

  test('one that leaves one of its two networks expires there, and is not missed by who is on the other', async () => {
    const [, toTheRight, both] = members
    await both.leave(networks[1])
    const atRight = { both: [deleted(both, right(both), 'expired')] }
    const atBoth = { right: [deleted(toTheRight, right(toTheRight), 'expired')] }
    const diff = (member: Member): Diff => (member === toTheRight ? atRight : member === both ? atBoth : {})
    await expectDiffs(members, diff, EXPIRED_WITHIN)
  })

  test('one that is stopped says goodbye on both networks, and everybody is told once', async () => {
    const [onBoth, toTheRight, toTheLeft, stopped] = members
    await stopped.stop()
    const leftLast = deleted(stopped, left(stopped), 'goodbye')
    const rightLast = deleted(stopped, right(stopped), 'goodbye')
    // The two goodbyes come one after the other: for a moment it is still there on one of the networks.
    const atBoth = either([leftLast], [updated(stopped, right(stopped)), rightLast])
    const diff = (member: Member) => (member === onBoth ? atBoth : [member === toTheRight ? rightLast : leftLast])
    await expectDiffs([onBoth, toTheRight, toTheLeft], (member) => ({ 'both-too': diff(member) }))
  })
})
