// Owns how a peer is tried: every experiment becomes a test of its own, and what comes of it a cell of the matrix.
// Does not own the experiments, nor how a peer is started.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXPERIMENTS, type Experiment, type ExperimentKey, type Sides } from './experiments.ts'
import { cell, proven } from './matrix.ts'
import { Meeting } from './meeting.ts'
import type { Party } from './party.ts'

/** An experiment that does not come out as it should: its failure says what is in `evidence`. */
export interface Otherwise {
  /** `ok` where the RFCs leave it to the peer. */
  readonly outcome: 'theirs' | 'ok'
  readonly remark: string
  readonly evidence: RegExp
}

export interface Peer {
  /** With its version. */
  readonly name: string
  /** Undefined if it is installed; what installs it otherwise. */
  readonly missing: string | undefined
  /** Uses no end of a veth pair. */
  readonly bridged?: boolean
  start(meeting: Meeting): Promise<Party>
  /** Why it cannot be tried. */
  readonly notOffered?: Readonly<Partial<Record<ExperimentKey, string>>>
  readonly otherwise?: Readonly<Partial<Record<ExperimentKey, Otherwise>>>
  /** Experiments that disturb all else that the peer does: they get hosts and programs of their own. */
  readonly apart?: readonly ExperimentKey[]
  /** Those of its addresses that it tells, if not all. */
  tells?(addresses: readonly string[]): readonly string[]
  /** Those of our addresses that it tells, if not all. */
  reads?(addresses: readonly string[]): readonly string[]
  /** The label of the host that it names by itself for a service, if not that of its host. */
  hostOf?(service: string): string
}

/** Outside CI a peer that is not installed is left out, and that is seen. */
export function trial(peer: Peer): void {
  const missing = peer.missing !== undefined
  if (missing && process.env.CI === 'true') {
    test(peer.name, () => expect.fail(`${peer.name} is not installed: ${peer.missing}`))
    return
  }
  describe.skipIf(missing).concurrent(peer.name, () => {
    let stand: Stand

    beforeAll(async () => {
      stand = await standFor(peer)
    })

    afterAll(async () => expect(await stand.meeting.close()).toEqual([]))

    const trying = (key: ExperimentKey, work: (sides: Sides) => Promise<void>) =>
      peer.apart?.includes(key) ? apart(peer, work) : work(stand.sides)

    for (const [key, experiment] of Object.entries(EXPERIMENTS) as [ExperimentKey, Experiment][]) {
      const { title, column, run } = experiment
      const reason = peer.notOffered?.[key]
      const otherwise = peer.otherwise?.[key]
      const proves = (sides: Sides) => proven(peer.name, column, () => run(sides))
      if (reason !== undefined) test(`not offered: ${title}`, () => cell(peer.name, column, 'not offered', reason))
      else if (otherwise === undefined) test(title, () => trying(key, proves))
      else test(`otherwise: ${title}`, () => trying(key, (sides) => differs(peer, experiment, otherwise, sides)))
    }
  })
}

/** A meeting with its programs on it. */
interface Stand {
  readonly meeting: Meeting
  readonly sides: Sides
}

async function standFor(peer: Peer): Promise<Stand> {
  const { tells = (all) => all, reads = (all) => all, hostOf = () => 'theirs' } = peer
  const meeting = new Meeting(peer)
  const [theirs, ours] = await Promise.all([peer.start(meeting), meeting.ours()])
  const theirAddresses = tells([...meeting.theirHost.addresses()].sort())
  const ourAddresses = reads([...meeting.ourHost.addresses()].sort())
  return { meeting, sides: { theirs, ours, theirAddresses, ourAddresses, hostOf } }
}

async function differs(peer: Peer, { column, run }: Experiment, otherwise: Otherwise, sides: Sides): Promise<void> {
  await expect(run(sides)).rejects.toThrow(otherwise.evidence)
  cell(peer.name, column, otherwise.outcome, otherwise.remark)
}

async function apart(peer: Peer, work: (sides: Sides) => Promise<void>): Promise<void> {
  const { meeting, sides } = await standFor(peer)
  try {
    await work(sides)
  } finally {
    await meeting.close()
  }
}
