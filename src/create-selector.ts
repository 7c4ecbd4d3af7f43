// Owns `createSelector` as programs call it: with this machine's time and chance.
// Does not own what it does (selector/selector.ts).
import type { Clock } from './host/ports.ts'
import { systemClock } from './net/clock.ts'
import type { Registry } from './registry/types.ts'
import type { Filter } from './selector/filters.ts'
import { Selector } from './selector/selector.ts'
import type { Strategy, StrategyName } from './selector/strategies.ts'

export interface SelectorOptions {
  /** Default `random`. */
  readonly strategy?: StrategyName | Strategy
  /** Of every selection. Default: none. */
  readonly filters?: readonly Filter[]
  /**
   * Milliseconds for which a service that is not selected from is still watched; default 60,000. The next pick goes by
   * what was known then, and begins another watch.
   */
  readonly idle?: number
  /** Milliseconds after which a node that failed is as good as any other; default 60,000. */
  readonly forgive?: number
  /** Default: real time. */
  readonly clock?: Clock
  /** From 0 to 1; default `Math.random`. */
  readonly random?: () => number
}

const MINUTE = 60_000

/** Chooses nodes to call among those that `registry` knows. Throws ERR_INVALID_STRATEGY. */
export function createSelector(registry: Registry, options: SelectorOptions = {}): Selector {
  const { strategy = 'random', filters = [], idle = MINUTE, forgive = MINUTE } = options
  const { clock = systemClock, random = Math.random } = options
  return new Selector({ registry, strategy, filters, idle, forgive, clock, random })
}
