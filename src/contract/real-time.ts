// Owns a link of the contract in real time, so that its author has only to say how a registry is made.
// Does not own the link's medium.
import { setTimeout as delay } from 'node:timers/promises'
import type { ContractLink } from './link.ts'

/** A machine that runs other tests as well may be late by so much. */
const SLACK = 500
const LAG = 1_500
const PATIENCE = 10_000

export interface RealTimeOptions extends Pick<ContractLink, 'registry' | 'lacks' | 'close'> {
  /** Default 1,500. The shorter it is, the sooner the contract is through. */
  readonly lag?: number
  /** Default 500. */
  readonly slack?: number
  /** Milliseconds after which the contract no longer waits for something that should have happened. Default 10,000. */
  readonly patience?: number
}

/** Time as it is; what is measured may be off by `slack`. */
export function realTime({ lag = LAG, slack = SLACK, patience = PATIENCE, ...link }: RealTimeOptions): ContractLink {
  return {
    ...link,
    lag,
    slack,
    now: () => performance.now(),
    run: (ms) => delay(ms),
    until: (promise) => within(promise, patience),
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  const over = new AbortController()
  const late = delay(ms, undefined, { signal: over.signal }).then(() => {
    throw new Error(`not settled after ${ms} ms`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}
