// Owns short ways to write down records and questions for tests of the engine.
// Does not own their bytes (src/wire) nor who says them (rig.ts).
import { nameFromLabels, nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Name, type Question, type QuestionType, type Rr, type RrType } from '../../src/wire/types.ts'

export const TYPE = nameFromText('_http._tcp.local')
export const HOST = nameFromText('printer.local')

export function instance(label: string): Name {
  return nameFromLabels([label, '_http', '_tcp', 'local'])
}

export function question(name: Name, type: QuestionType, unicast = false): Question {
  return { name, type, class: CLASS_IN, unicast }
}

export function cname(name: Name, target: Name, ttl = 120): Rr {
  return { name, type: 'CNAME', class: CLASS_IN, flush: true, ttl, target }
}

/** Shared, as PTR records of services are. */
export function ptr(target: Name, ttl = 4500, name = TYPE): Rr {
  return { name, type: 'PTR', class: CLASS_IN, flush: false, ttl, target }
}

export function srv(name: Name, { ttl = 120, port = 8080, target = HOST, flush = true } = {}): Rr {
  return { name, type: 'SRV', class: CLASS_IN, flush, ttl, priority: 0, weight: 0, port, target }
}

interface TxtOptions {
  readonly ttl?: number
  readonly data?: Uint8Array
  readonly flush?: boolean
}

export function txt(name: Name, { ttl = 4500, data = new Uint8Array([0]), flush = true }: TxtOptions = {}): Rr {
  return { name, type: 'TXT', class: CLASS_IN, flush, ttl, data }
}

export function a(address: string, { ttl = 120, name = HOST, flush = true } = {}): Rr {
  return { name, type: 'A', class: CLASS_IN, flush, ttl, address }
}

export function nsec(name: Name, types: readonly RrType[], ttl = 120): Rr {
  return { name, type: 'NSEC', class: CLASS_IN, flush: true, ttl, next: name, types }
}

/** The rdata that tells one record of a test from another. */
export function rdata(rr: Rr): string | number {
  switch (rr.type) {
    case 'A':
    case 'AAAA':
      return rr.address
    case 'PTR':
      return rr.target
    case 'SRV':
      return rr.port
    default:
      return rr.type
  }
}
