// Owns the publications that scenarios use: one DNS-SD service, as plain records.
// Does not own validation nor TXT encoding (src/dnssd).
import type { Publication, Site } from '../../src/mdns/types.ts'
import { joinName, nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Name, type Rr } from '../../src/wire/types.ts'

export const TYPE = nameFromText('_http._tcp.local')

/** `label`, then `label (2)`, `label (3)` and so on. */
export function instanceAt(label: string, attempt: number, type: Name = TYPE): Name {
  return joinName(attempt === 0 ? label : `${label} (${attempt + 1})`, type)
}

export function service(label: string, type: Name = TYPE): Publication {
  const records = ({ host, attempt }: Site): readonly Rr[] => {
    const name = instanceAt(label, attempt, type)
    const unique = { name, class: CLASS_IN, flush: true }
    return [
      { type: 'PTR', name: type, class: CLASS_IN, flush: false, ttl: 4500, target: name },
      { ...unique, type: 'SRV', ttl: 120, priority: 0, weight: 0, port: 80, target: host },
      { ...unique, type: 'TXT', ttl: 4500, data: new Uint8Array([0]) },
    ]
  }
  return { id: `${label} ${type}`, needsHost: true, records }
}
