// Owns chance that can be repeated: a generator that gives the same numbers for the same seed.
// Does not own what is done with them; nothing here is fit for secrets.
import type { Random } from '../mdns/types.ts'

/**
 * The 32-bit generator `sfc32`, its state filled from the seed. `stream` gives independent sequences of one seed,
 * so that one more host in a world does not change the luck of the others.
 */
export function seededRandom(seed: number, stream = 0): Random {
  let a = scramble(seed)
  let b = scramble(a ^ stream)
  let c = scramble(b + 0x9e3779b9)
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 12; round += 1) next()
  return next
}

/** Spreads each bit of `value` over all 32. */
function scramble(value: number): number {
  let x = (value + 0x6d2b79f5) | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}
