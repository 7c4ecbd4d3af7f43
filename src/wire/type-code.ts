// Owns the numbers of the record types, RFC 1035 §3.2.2 and the registry that followed.
// Does not own what a record of a type contains; rdata.ts does.
import { WireError } from './errors.ts'
import type { QuestionType } from './types.ts'

export const TYPE_OPT = 41

/** @throws WireError if `type` is no type at all. */
export function typeCode(type: QuestionType): number {
  switch (type) {
    case 'A':
      return 1
    case 'NS':
      return 2
    case 'CNAME':
      return 5
    case 'PTR':
      return 12
    case 'TXT':
      return 16
    case 'AAAA':
      return 28
    case 'SRV':
      return 33
    case 'DNAME':
      return 39
    case 'NSEC':
      return 47
    case 'ANY':
      return 255
    default:
      return opaqueCode(type)
  }
}

/** A type that this layer reads has its own name; every other one is `TYPE` and its number, RFC 3597 §5. */
export function typeFromCode(code: number): QuestionType {
  switch (code) {
    case 1:
      return 'A'
    case 2:
      return 'NS'
    case 5:
      return 'CNAME'
    case 12:
      return 'PTR'
    case 16:
      return 'TXT'
    case 28:
      return 'AAAA'
    case 33:
      return 'SRV'
    case 39:
      return 'DNAME'
    case 47:
      return 'NSEC'
    case 255:
      return 'ANY'
    default:
      return `TYPE${code}`
  }
}

function opaqueCode(type: string): number {
  const code = /^TYPE\d{1,5}$/.test(type) ? Number(type.slice(4)) : Number.NaN
  if (code <= 0xffff) return code
  throw new WireError('type', `${type} is no record type; write TYPE and its number, 0 to 65535`)
}
