// Owns the publication of the host itself: its name, and the address records of each link.
// Does not own the services that point to it.
import { joinName, nameFromText } from '../wire/name.ts'
import { CLASS_IN, type Name, type Rr } from '../wire/types.ts'
import type { Publication } from './types.ts'

/** No publication of a program has this id. */
export const HOST_ID = '@host'
const LOCAL = nameFromText('local')
/** Seconds, RFC 6762 §10. */
const ADDRESS_TTL = 120
const MAX_LABEL = 63

/** The host name of this attempt: `name`, `name-2`, `name-3` …, cut to fit one label, RFC 6762 §9. */
export function hostNameAt(label: string, attempt: number): Name {
  const suffix = attempt === 0 ? '' : `-${attempt + 1}`
  return joinName(label.slice(0, MAX_LABEL - suffix.length) + suffix, LOCAL)
}

/** RFC 6762 §6.2: on each link the addresses that are valid there, all of them and no others. */
export const hostPublication: Publication = {
  id: HOST_ID,
  needsHost: false,
  records({ link, host }) {
    return link.addresses.map(({ address, family }): Rr => {
      const type = family === 4 ? 'A' : 'AAAA'
      return { name: host, type, class: CLASS_IN, flush: true, ttl: ADDRESS_TTL, address }
    })
  },
}
