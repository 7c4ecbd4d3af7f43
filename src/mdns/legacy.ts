// Owns the reply that a plain resolver gets: it asks from a port of its own, and knows nothing of Multicast DNS.
// Does not own whether it gets one (authority.ts), nor the bytes of it (pack.ts).
import type { Message, Rr } from '../wire/types.ts'
import type { LegacySend } from './outbox.ts'
import { additionalsTo, type Records } from './responder.ts'
import type { Endpoint } from './types.ts'

/** What a plain resolver can take if it does not say, RFC 1035 §4.2.1. */
const LEGACY_BYTES = 512

/** The reply with these answers, in as many bytes as the resolver offers, up to `most`. */
export function legacySend(
  { id, questions, additionals }: Message,
  to: Endpoint,
  answers: readonly Rr[],
  { records, most }: { readonly records: Records; readonly most: number },
): LegacySend {
  // The class of an OPT record is the size of what the resolver can take, RFC 6891 §6.1.2.
  const offered = additionals.find((rr) => rr.type === 'TYPE41')?.class ?? LEGACY_BYTES
  const limit = Math.min(Math.max(offered, LEGACY_BYTES), most)
  // A denial is an empty answer in plain DNS; NSEC means something else to a validating resolver.
  const plain = (rrs: readonly Rr[]) => rrs.filter((rr) => rr.type !== 'NSEC')
  const reply = { answers: plain(answers), additionals: plain(additionalsTo(plain(answers), records)) }
  return { to, id, questions, reply, limit }
}
