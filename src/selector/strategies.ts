// Owns how one node is chosen among those that come into question.
// Does not own which these are (filters.ts) nor what is remembered of them (history.ts).
import { RegistryError } from '../errors.ts'
import type { Node, Service } from '../registry/types.ts'

/** A node that may be chosen, and what is remembered of it. */
export interface Candidate {
  readonly node: Node
  /** Its version, as the filters left it. */
  readonly service: Service
  /** A number that grows with every pick, of any node; 0 if it was not picked yet. */
  readonly lastPicked: number
  /** When it was last marked with an error, in milliseconds; undefined if it was not, or is forgiven. */
  readonly lastFailed: number | undefined
}

/** `candidates` holds one at least, ordered by version and id; `random` gives numbers from 0 to 1. */
export type Strategy = (candidates: readonly Candidate[], random: () => number) => Candidate | undefined

/**
 * `random` takes any with equal chance, `roundRobin` the one whose last pick is longest ago, `leastRecentlyFailed` the
 * one whose last failure is, and of those that never failed the one whose last pick is longest ago.
 */
export type StrategyName = 'random' | 'roundRobin' | 'leastRecentlyFailed'

const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  random: (candidates, random) => candidates[Math.floor(random() * candidates.length)],
  roundRobin: (candidates, random) => least(candidates, random, byPick),
  leastRecentlyFailed: (candidates, random) => least(candidates, random, byFailure),
}

/** Throws ERR_INVALID_STRATEGY. */
export function strategyOf(given: StrategyName | Strategy): Strategy {
  if (typeof given === 'function') return given
  if (Object.hasOwn(STRATEGIES, given)) return STRATEGIES[given]
  throw new RegistryError(
    'ERR_INVALID_STRATEGY',
    `There is no strategy '${String(given)}'; take ${Object.keys(STRATEGIES).join(', ')}, or give a function`,
  )
}

type Compare = (a: Candidate, b: Candidate) => number

function byPick(a: Candidate, b: Candidate): number {
  return a.lastPicked - b.lastPicked
}

function byFailure(a: Candidate, b: Candidate): number {
  const [one, other] = [a.lastFailed, b.lastFailed]
  if (one === other) return byPick(a, b)
  return (one ?? Number.NEGATIVE_INFINITY) - (other ?? Number.NEGATIVE_INFINITY)
}

/** Among equals each has the same chance, so that many clients that begin together do not all take the same. */
function least(candidates: readonly Candidate[], random: () => number, compare: Compare): Candidate | undefined {
  let [best] = candidates
  let equals = 0
  for (const candidate of candidates) {
    const order = best ? compare(candidate, best) : 0
    if (order < 0) equals = 0
    if (order <= 0) {
      equals += 1
      if (random() * equals < 1) best = candidate
    }
  }
  return best
}
