// Owns the texts of names that were read of late, so that a name which is heard again costs no new text.
// Does not own how a name is found in a message; reader.ts does.
import { labelText } from './label.ts'
import { MAX_LABEL_BYTES } from './limits.ts'
import { type Name, ROOT } from './name.ts'

/** More than the names of a busy link; a power of two. */
const SLOTS = 1_024
const SLOT_BYTES = 1 + MAX_LABEL_BYTES

// A name that falls on the slot of another one takes its place, so that the pool never grows.
const names: Name[] = new Array(SLOTS).fill(ROOT)
/** What follows the first label of each. */
const rests: Name[] = new Array(SLOTS).fill(ROOT)
/** The first label of each as it was on the wire, its length first. */
const labels = new Uint8Array(SLOTS * SLOT_BYTES)

/** The name that consists of the label at `at`, which has to be whole, and of `rest`. */
export function pooledName(bytes: Uint8Array, at: number, rest: Name): Name {
  const size = 1 + (bytes[at] ?? 0)
  let hash = rest.length
  for (let next = 0; next < size; next++) hash = (Math.imul(hash, 31) + (bytes[at + next] ?? 0)) | 0
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1)
  const home = slot * SLOT_BYTES
  let same = 0
  while (same < size && labels[home + same] === bytes[at + same]) same++
  if (same < size || rests[slot] !== rest) {
    for (let next = 0; next < size; next++) labels[home + next] = bytes[at + next] ?? 0
    rests[slot] = rest
    const label = labelText(bytes, at + 1, at + size)
    names[slot] = (rest === ROOT ? label : `${label}.${rest}`) as Name
  }
  return names[slot] ?? ROOT
}
