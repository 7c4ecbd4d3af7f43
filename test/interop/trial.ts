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
  /** Those of its addresses that it tells, if not all. */
  tells?(addresses: readonly string[]): readonly string[]
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
    let meeting: Meeting
    let sides: Sides

    beforeAll(async () => {
      meeting = new Meeting(peer)
      const [theirs, ours] = await Promise.all([peer.start(meeting), meeting.ours()])
      const addressesOf = (host: Meeting['ourHost']) => [...host.addresses()].sort()
      const { tells = (all) => all } = peer
      const [theirAddresses, ourAddresses] = [tells(addressesOf(meeting.theirHost)), addressesOf(meeting.ourHost)]
      const { hostOf = () => 'theirs' } = peer
      sides = { theirs, ours, theirAddresses, ourAddresses, hostOf }
    })

    afterAll(async () => expect(await meeting.close()).toEqual([]))

    for (const [key, experiment] of Object.entries(EXPERIMENTS) as [ExperimentKey, Experiment][]) {
      const { title, column } = experiment
      const reason = peer.notOffered?.[key]
      const otherwise = peer.otherwise?.[key]
      if (reason !== undefined) test(`not offered: ${title}`, () => cell(peer.name, column, 'not offered', reason))
      else if (otherwise !== undefined) test(`otherwise: ${title}`, () => differs(peer, experiment, otherwise, sides))
      else test(title, () => proven(peer.name, column, () => experiment.run(sides)))
    }
  })
}

async function differs(peer: Peer, { column, run }: Experiment, otherwise: Otherwise, sides: Sides): Promise<void> {
  await expect(run(sides)).rejects.toThrow(otherwise.evidence)
  cell(peer.name, column, otherwise.outcome, otherwise.remark)
}
