// Owns what a row of the table is: one experiment, who has to do what in it, and its result in a few words.
// Does not own any experiment.
import type { Stage } from './stage.ts'

export interface Row<Seen> {
  readonly title: string
  /** What the library that is tried does in it. */
  readonly part: 'publisher' | 'browser'
  run(stage: Stage): Promise<Seen>
  /** A plain observation. */
  tell(seen: Seen): string
}

/** What most rows publish, but for the name. */
export const HTTP = { type: 'http', port: 8080, txt: { path: '/' } }

/** How long a library is given to do a thing, unless the row says otherwise. */
export const PATIENCE = 10_000

export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`
}

/** `found after 1.2 s`, or `not found in 10 s`. */
export function after(what: string, milliseconds: number | undefined, within = PATIENCE): string {
  return milliseconds === undefined ? `not ${what} in ${seconds(within)}` : `${what} after ${seconds(milliseconds)}`
}
