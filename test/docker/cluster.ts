// Owns what several watchers are expected to be told, and the words for it.
// Does not own one member (member.ts) nor how its lines are read (events.ts).
import { setTimeout as delay } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import type { Diff } from './events.ts'
import { Member, type MemberOptions } from './member.ts'

const WITHIN = 8000
/** So long must nothing follow what was expected. */
const QUIET = 1000

export function startMembers(options: readonly MemberOptions[]): Promise<readonly Member[]> {
  return Promise.all(options.map((one) => Member.start(one)))
}

/**
 * Every watcher is told exactly this since the last time, in `within` milliseconds: nothing less, nothing more, and
 * nothing after it.
 */
export async function expectDiffs(
  members: readonly Member[],
  expected: (member: Member) => Diff,
  within = WITHIN,
): Promise<void> {
  const wanted = Object.fromEntries(members.map((member) => [member.id, expected(member)]))
  const diffs = () => Object.fromEntries(members.map((member) => [member.id, member.diff]))
  try {
    await vi.waitFor(() => expect(diffs()).toEqual(wanted), { timeout: within, interval: 50 })
    await delay(QUIET)
    expect(diffs()).toEqual(wanted)
    for (const member of members) expect(member.complaints).toEqual([])
  } finally {
    for (const member of members) member.forget()
  }
}

export function created({ id }: Member, address: string): string {
  return told('create', id, address)
}

export function updated({ id }: Member, address: string): string {
  return told('update', id, address)
}

export function deleted({ id }: Member, address: string, reason: 'goodbye' | 'expired'): string {
  return told('delete', id, address, reason)
}

/** One of these; which of them is up to the network. */
export function either(...alternatives: readonly (readonly string[])[]): readonly string[] {
  const texts = alternatives.map((alternative) => JSON.stringify(alternative))
  return expect.toSatisfy((value) => texts.includes(JSON.stringify(value)), `one of ${texts.join(' or ')}`)
}

function told(action: string, id: string, address: string, reason?: string): string {
  const words = [action, 'greeter', 'latest', `${address}:8080`, ...(reason === undefined ? [] : [reason])]
  return [...words, JSON.stringify({ home: id })].join(' ')
}
