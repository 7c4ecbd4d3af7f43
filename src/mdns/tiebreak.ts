// Owns the comparison of two hosts that probe for one name at the same time.
// Does not own what winner and loser do (publisher.ts).
import { rdataBytes } from '../wire/rdata.ts'
import { typeCode } from '../wire/type-code.ts'
import type { Rr } from '../wire/types.ts'

/**
 * Compares the records that two probes propose for one name: negative if ours are the lesser, positive if they are
 * the greater, 0 if they are the same. The greater wins, RFC 6762 §8.2.1.
 */
export function compareProposals(ours: readonly Rr[], theirs: readonly Rr[]): number {
  const left = [...ours].sort(compareRecords)
  const right = [...theirs].sort(compareRecords)
  for (const [i, rr] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    const order = compareRecords(rr, other)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** By class, then type, then the rdata as unsigned bytes with no name compressed, RFC 6762 §8.2. */
function compareRecords(a: Rr, b: Rr): number {
  return a.class - b.class || typeCode(a.type) - typeCode(b.type) || compareBytes(rdataBytes(a), rdataBytes(b))
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
