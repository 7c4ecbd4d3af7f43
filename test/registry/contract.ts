// Owns how the contract is run here, by vitest.
// Does not own what it says (src/contract/), nor any backend.
import { test } from 'vitest'
import { contract, type MakeLink } from '../../src/contract.ts'

interface MeetOptions {
  /** Whether all cases run at the same time, as those in real time should. */
  readonly concurrent?: boolean
}

/** A file that calls this runs every case on links of this kind. */
export function meet(makeLink: MakeLink, options: MeetOptions = {}): void {
  for (const { group, title, run } of contract) test(`${group}: ${title}`, options, () => run(makeLink))
}
