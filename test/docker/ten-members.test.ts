// Ten containers on one network: each registers a node, each watches all ten, and then things happen to them.
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { created, deleted, either, expectDiffs, startMembers, updated } from './cluster.ts'
import { sweep } from './engine.ts'
import type { Member } from './member.ts'
import { createNetwork, type Network, spareAddress } from './network.ts'

const SUBNET = 0
const SHORT_TTL = 6
const EXPIRED_WITHIN = (SHORT_TTL + 4) * 1000
const GOODBYE_WITHIN = 3000
/** Links are looked at every second, and loopback is kept in mind for five more. */
const RECONNECTED_WITHIN = 12_000
const PAUSED_MS = 5000
/** What happens to the members; the rest only look on. */
const ROLES = ['stopped', 'killed', 'paused', 'stopped-meanwhile', 'disconnected']
const SHORT_LIVED = ['killed', 'disconnected']

/** What it heard of itself on one link may have run out, its TTL being short, before it can hear itself on another. */
function movedTo(member: Member, address: string, before: string): readonly string[] {
  return either([updated(member, address)], [deleted(member, before, 'expired'), created(member, address)])
}

describe.skipIf(inject('engineMissing'))('ten containers on one network', () => {
  let network: Network
  let members: readonly Member[] = []
  const addresses = new Map<Member, string>()
  const gone = new Set<Member>()

  const role = (id: string): Member => {
    const found = members.find((member) => member.id === id)
    if (found === undefined) throw new Error(`there is no ${id}`)
    return found
  }
  const address = (member: Member) => addresses.get(member) ?? 'no address'
  const present = () => members.filter((member) => !gone.has(member))
  const others = (than: Member) => present().filter((member) => member !== than)

  beforeAll(async () => {
    network = await createNetwork({ subnet: SUBNET })
    const ids = [...ROLES, ...Array.from({ length: 10 - ROLES.length }, (_, index) => `onlooker-${index + 1}`)]
    members = await startMembers(
      ids.map((id) => ({ id, networks: [network], ...(SHORT_LIVED.includes(id) ? { ttl: SHORT_TTL } : {}) })),
    )
    for (const member of members) addresses.set(member, await member.addressOn(network))
  })
  afterAll(sweep)

  test('each of them is told of all ten, once', async () => {
    expect(new Set(addresses.values()).size).toBe(10)
    const all = Object.fromEntries(members.map((member) => [member.id, [created(member, address(member))]]))
    await expectDiffs(members, () => all)
  })

  test('one that is stopped says goodbye, and ends with exit code 0', async () => {
    const stopped = role('stopped')
    gone.add(stopped)
    expect(await stopped.stop()).toBe(0)
    const diff = { stopped: [deleted(stopped, address(stopped), 'goodbye')] }
    await expectDiffs(present(), () => diff, GOODBYE_WITHIN)
  })

  test('one that is paused is missed by nobody, has forgotten nobody, and learns who left meanwhile', async () => {
    const [paused, stopped] = [role('paused'), role('stopped-meanwhile')]
    await paused.pause()
    const end = delay(PAUSED_MS)
    gone.add(stopped)
    await stopped.stop()
    const diff = { 'stopped-meanwhile': [deleted(stopped, address(stopped), 'goodbye')] }
    await expectDiffs(others(paused), () => diff, GOODBYE_WITHIN)
    await end
    await paused.resume()
    await expectDiffs(present(), (member) => (member === paused ? diff : {}))
  })

  test('one that is killed is forgotten when its TTL has run out', async () => {
    const killed = role('killed')
    gone.add(killed)
    await killed.kill()
    const diff = { killed: [deleted(killed, address(killed), 'expired')] }
    await expectDiffs(present(), () => diff, EXPIRED_WITHIN)
  })

  test('one that is disconnected expires at the others and they at it, but for itself', async () => {
    const lost = role('disconnected')
    await lost.leave(network)
    const atOthers = { disconnected: [deleted(lost, address(lost), 'expired')] }
    const gone = others(lost).map((member) => [member.id, [deleted(member, address(member), 'expired')]] as const)
    // Loopback is all that it has left.
    const moved = movedTo(lost, '127.0.0.1', address(lost))
    const atItself = { ...Object.fromEntries(gone), disconnected: moved }
    await expectDiffs(present(), (member) => (member === lost ? atItself : atOthers), EXPIRED_WITHIN)
  })

  test('connected again, at another address, it is told of all, and all of it', async () => {
    const found = role('disconnected')
    await found.join(network, spareAddress(SUBNET))
    const moved = movedTo(found, spareAddress(SUBNET), '127.0.0.1')
    addresses.set(found, spareAddress(SUBNET))
    const atOthers = { disconnected: [created(found, spareAddress(SUBNET))] }
    const back = others(found).map((member) => [member.id, [created(member, address(member))]] as const)
    const atItself = { ...Object.fromEntries(back), disconnected: moved }
    await expectDiffs(present(), (member) => (member === found ? atItself : atOthers), RECONNECTED_WITHIN)
  })
})
