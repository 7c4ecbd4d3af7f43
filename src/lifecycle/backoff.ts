// Owns for how long to wait before a registration that failed is tried again.
// Does not own what is tried (kept-registration.ts).

export interface RetryOptions {
  /** Milliseconds before the first retry. Default 100. */
  readonly first?: number
  /** By how much each wait is longer than the one before. Default 2. */
  readonly factor?: number
  /** Milliseconds that no wait exceeds. Default: the interval. */
  readonly most?: number
}

const FIRST = 100
const FACTOR = 2

/**
 * Milliseconds to wait after so many failures in a row, 1 or more. Chance takes up to half of it away, so that programs
 * that failed together do not come back together.
 */
export function backoff(failures: number, retry: RetryOptions, interval: number, random: () => number): number {
  const { first = FIRST, factor = FACTOR, most = interval } = retry
  const wait = Math.min(first * factor ** (failures - 1), most, interval)
  return wait * (1 - random() / 2)
}
