// Owns the mutations: small changes to a datagram, blind ones and ones that know where a message is weak.
// Does not own the datagrams that they start from (corpus.ts).
import type { Random } from '../../src/mdns/types.ts'

const TELLING = [0, 1, 2, 0x0c, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xff]
const HEADER_BYTES = 12

/** What a mutation works with: the bytes so far, and its luck. */
interface Draft {
  readonly bytes: Uint8Array
  readonly below: (n: number) => number
  readonly other: () => Uint8Array
}

type Mutation = (draft: Draft) => Uint8Array

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  if (at < copy.length) copy[at] = value
  return copy
}

function spliced(bytes: Uint8Array, at: number, length: number, piece: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + length))
  const joined = new Uint8Array(at + piece.length + rest.length)
  joined.set(bytes.subarray(0, at))
  joined.set(piece, at)
  joined.set(rest, at + piece.length)
  return joined
}

/** Where two bytes could be the type of a record, a few bytes before its length. */
function recordAt({ bytes, below }: Draft): number {
  const found: number[] = []
  for (let at = HEADER_BYTES; at + 9 < bytes.length; at++) {
    if (bytes[at] === 0 && (bytes[at + 1] ?? 0) < 64 && ((bytes[at + 2] ?? 0) & 0x7f) === 0) found.push(at)
  }
  return found[below(found.length)] ?? HEADER_BYTES
}

const MUTATIONS: readonly Mutation[] = [
  ({ bytes, below }) => changed(bytes, below(bytes.length), below(256)),
  ({ bytes, below }) => changed(bytes, below(bytes.length), TELLING[below(TELLING.length)] ?? 0),
  ({ bytes, below }) => {
    const at = below(bytes.length)
    return changed(bytes, at, (bytes[at] ?? 0) ^ (1 << below(8)))
  },
  // A piece is cut out, doubled, or taken from another datagram.
  ({ bytes, below }) => spliced(bytes, below(bytes.length), below(20), new Uint8Array()),
  ({ bytes, below }) => {
    const at = below(bytes.length)
    return spliced(bytes, at, 0, bytes.subarray(at, at + below(60)))
  },
  ({ bytes, below, other }) => {
    const piece = other()
    const from = below(piece.length)
    return spliced(bytes, below(bytes.length), 0, piece.subarray(from, from + below(60)))
  },
  ({ bytes, below }) => bytes.slice(0, below(bytes.length + 1)),
  // Flags and counts.
  ({ bytes, below }) => changed(bytes, below(HEADER_BYTES), below(4)),
  ({ bytes, below }) => changed(bytes, 2, [0, 0x84, 0x02, 0x86][below(4)] ?? 0),
  // A pointer to anywhere.
  ({ bytes, below }) => {
    const at = HEADER_BYTES + below(Math.max(1, bytes.length - HEADER_BYTES))
    return changed(changed(bytes, at, 0xc0 | below(2)), at + 1, below(256))
  },
  // The type, the class, the life and the length of a record.
  (draft) => changed(draft.bytes, recordAt(draft) + 1, [1, 5, 12, 16, 28, 33, 41, 47, 255][draft.below(9)] ?? 0),
  (draft) => changed(draft.bytes, recordAt(draft) + 2, draft.below(2) * 0x80),
  (draft) => {
    const at = recordAt(draft) + 4
    return spliced(draft.bytes, at, 4, new Uint8Array([draft.below(2) * 0xff, 0, draft.below(20), draft.below(256)]))
  },
  (draft) => {
    const at = recordAt(draft) + 9
    return changed(draft.bytes, at, (draft.bytes[at] ?? 0) + draft.below(3) - 1)
  },
]

/** One to eight changes to one of the datagrams; the whole is the same for the same luck. */
export function mutate(random: Random, datagrams: readonly Uint8Array[]): Uint8Array {
  const below = (n: number) => Math.floor(random() * n)
  const other = () => datagrams[below(datagrams.length)] ?? new Uint8Array()
  let bytes = other()
  for (let changes = 1 + below(8); changes > 0; changes--) {
    const mutation = MUTATIONS[below(MUTATIONS.length)]
    if (mutation) bytes = mutation({ bytes, below, other })
  }
  return bytes
}
