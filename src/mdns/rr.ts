// Owns what makes two records the same: name, type, class and rdata, with ASCII case folded.
// Does not own records (wire/types.ts) nor any store of them.
import { foldName } from '../wire/name.ts'
import { rdataKey } from '../wire/rdata.ts'
import type { Name, QuestionType, Rr, RrType } from '../wire/types.ts'

/** The types that an NSEC record is asked about; what else a name lacks, nobody here wants to know. */
export const DENIABLE: readonly RrType[] = ['A', 'AAAA', 'SRV', 'TXT', 'PTR', 'CNAME']

/** The key of a record set: one name and type. */
export function setKey(name: Name, type: QuestionType): string {
  return `${foldName(name)} ${type}`
}

/** The key of one record; equal for records that differ only in TTL, flush bit and ASCII case. */
export function rrKey(rr: Rr): string {
  return `${setKey(rr.name, rr.type)} ${rr.class} ${rdataKey(rr)}`
}

/** The same record with TTL 0, RFC 6762 §10.1. */
export function goodbyeOf(rr: Rr): Rr {
  return { ...rr, ttl: 0 }
}
