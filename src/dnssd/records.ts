// Owns which records an offering consists of, RFC 6763 §4-7, §9.
// Does not own when they are probed for, announced or withdrawn (mdns).
import type { Site } from '../mdns/types.ts'
import { CLASS_IN, type Name, type Rr } from '../wire/types.ts'
import type { Offering } from './offering.ts'
import { instanceName, META_NAME, subtypeName, typeName } from './service-type.ts'

/** Seconds. Records that name a host or point to one live short, the others long, RFC 6762 §10. */
const HOST_TTL = 120
const OTHER_TTL = 4500

/** All records of an offering under the instance name that it has at present. Pure. */
export function recordsOf(offering: Offering, name: string, site: Site): readonly Rr[] {
  const fullName = instanceName(name, offering.type)
  return [...pointers(offering, fullName), ...instanceRecords(offering, fullName, site), ...addressRecords(offering)]
}

function pointers(offering: Offering, fullName: Name): readonly Rr[] {
  const type = typeName(offering.type)
  const ttl = offering.ttl ?? OTHER_TTL
  return [
    pointer(type, fullName, ttl),
    ...offering.subtypes.map((subtype) => pointer(subtypeName(subtype, offering.type), fullName, ttl)),
    pointer(META_NAME, type, ttl),
  ]
}

function pointer(name: Name, target: Name, ttl: number): Rr {
  return { type: 'PTR', name, class: CLASS_IN, flush: false, ttl, target }
}

function instanceRecords(offering: Offering, name: Name, site: Site): readonly Rr[] {
  const { priority, weight, port, txtData, ttl, host } = offering
  const unique = { name, class: CLASS_IN, flush: true }
  return [
    { type: 'SRV', ...unique, ttl: ttl ?? HOST_TTL, priority, weight, port, target: host ?? site.host },
    { type: 'TXT', ...unique, ttl: ttl ?? OTHER_TTL, data: txtData },
  ]
}

function addressRecords(offering: Offering): readonly Rr[] {
  const { host: name, ttl = HOST_TTL } = offering
  if (name === undefined) return []
  return offering.addresses.map(({ type, address }) => ({ type, name, class: CLASS_IN, flush: true, ttl, address }))
}
