// Owns the matrix of the peers: what was tried with each of them, and what came of it.
// Does not own any peer, nor when the matrix is printed (global-setup.ts).
import { appendFileSync, readFileSync } from 'node:fs'

/**
 * `publish`: we find what the peer publishes. `browse`: the peer lists what we publish. `resolve`: it comes to the same
 * host, port, TXT and addresses as we gave, and we to those that it gave. The others are tried in both directions,
 * where the peer offers both: `update` of a service in place, `goodbye`, and the `conflict` of two that want one name.
 */
export const COLUMNS = ['publish', 'browse', 'resolve', 'update', 'goodbye', 'conflict'] as const
export type Column = (typeof COLUMNS)[number]

/**
 * From the worst to the best. `theirs`: the peer offers it, and does it otherwise than the RFCs say; the remark has the
 * evidence. `ours`: our fault, which fails the run.
 */
const OUTCOMES = ['ours', 'theirs', 'ok', 'not offered'] as const
export type Outcome = (typeof OUTCOMES)[number]

export interface Cell {
  /** With its version: `avahi 0.8`. */
  readonly peer: string
  readonly column: Column
  readonly outcome: Outcome
  readonly remark?: string
}

/** Says where the cells of a run are collected, from all files; vitest.interop.config.ts sets it. */
export const MATRIX_FILE = 'INTEROP_MATRIX'

/**
 * Notes what came of one experiment. A cell may be told of by several, one for each direction: the worst counts, and
 * all remarks stay. Throws for `ours`.
 */
export function cell(peer: string, column: Column, outcome: Outcome, remark?: string): void {
  note({ peer, column, outcome, ...(remark === undefined ? {} : { remark }) })
  if (outcome === 'ours') throw new Error(`${peer}, ${column}: ${remark ?? 'our fault'}`)
}

/** Runs one experiment with all its assertions: `ok` when it resolves, `ours` when it does not, and then it rejects. */
export async function proven(peer: string, column: Column, experiment: () => unknown): Promise<void> {
  try {
    await experiment()
  } catch (error) {
    const [remark = ''] = String(error).split('\n')
    note({ peer, column, outcome: 'ours', remark })
    throw error
  }
  cell(peer, column, 'ok')
}

/** What was collected so far. */
export function cellsIn(path: string): readonly Cell[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** One aligned table with a row for each peer, in the order of their names, and the remarks below it. */
export function tableOf(cells: readonly Cell[]): string {
  const peers = [...new Set(cells.map(({ peer }) => peer))].sort()
  const outcomeOf = (peer: string, column: Column) => {
    const told = cells.filter((one) => one.peer === peer && one.column === column).map(({ outcome }) => outcome)
    return OUTCOMES.find((outcome) => told.includes(outcome)) ?? '?'
  }
  const rows = [['peer', ...COLUMNS], ...peers.map((peer) => [peer, ...COLUMNS.map((each) => outcomeOf(peer, each))])]
  const widths = ['', ...COLUMNS].map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const lines = rows.map((row) => row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  '))
  return [...lines, '', ...remarksOf(cells)].map((line) => line.trimEnd()).join('\n')
}

function remarksOf(cells: readonly Cell[]): readonly string[] {
  const told = cells.filter(({ remark }) => remark !== undefined)
  const lines = told.map(({ peer, column, outcome, remark }) => `${peer}, ${column} (${outcome}): ${remark}`)
  return [...new Set(lines)].sort()
}

function note(told: Cell): void {
  const path = process.env[MATRIX_FILE]
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(told)}\n`)
}
