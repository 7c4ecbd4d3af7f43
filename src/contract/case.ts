// Owns one case of the contract: what an author hands to a test runner.
// Does not own what the cases say (chapters/), nor what they have to work with (stage.ts).
import type { MakeLink } from './link.ts'
import { Stage } from './stage.ts'

export interface ContractCase {
  /** The chapter that it belongs to, such as `watch`. */
  readonly group: string
  /** What it proves; differs from those of all others in its group. */
  readonly title: string
  /**
   * On a link of its own, so that cases may run at the same time. Rejects if the backend breaks this part of the
   * contract. Every registry is closed in the end, whatever became of it.
   */
  readonly run: (makeLink: MakeLink) => Promise<void>
}

export type Play = (stage: Stage) => Promise<void>

/** The cases of one chapter, by title. */
export function chapter(group: string, plays: Readonly<Record<string, Play>>): readonly ContractCase[] {
  return Object.entries(plays).map(([title, play]) => ({ group, title, run: (makeLink) => perform(makeLink, play) }))
}

async function perform(makeLink: MakeLink, play: Play): Promise<void> {
  const stage = new Stage(await makeLink())
  try {
    await play(stage)
  } catch (error) {
    // What went wrong first says more than what closing made of it.
    await stage.close().catch(() => {})
    throw error
  }
  await stage.close()
}
