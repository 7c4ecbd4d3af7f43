// Owns a cache of one link without anything around it.
// Does not own what it hears.
import { Cache, LIMITS, Matters, seededRandom } from '../internals.mjs'

const MOST = 1_000_000

/** It keeps as many records as it is given, wanted or not. */
export function bareCache() {
  const limits = { ...LIMITS, cached: MOST, cachedUnasked: MOST, pointers: MOST }
  return new Cache('lan/4', { random: seededRandom(7), limits, matters: new Matters() })
}
