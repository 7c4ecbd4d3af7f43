// Owns names as dns-packet has them: labels joined with dots, so that a dot within a label looks like one between two.
// Does not own the rest of its objects; packet.ts does.
import { labelsOf, type Name, nameFromLabels, ROOT } from './name.ts'

/** What dns-packet cuts at, or trims next to a line's end. */
const CUTS = /[.\n\r\u2028\u2029]/

/**
 * The name that was joined. All before a service type is one label, as RFC 6763 §4.1.1 has it for instances and §7.1
 * for subtypes; any other dot is taken to stand between labels.
 * @throws WireError if a label would be empty or too long.
 */
export function splitName(joined: string): Name {
  if (joined === ROOT) return ROOT
  const parts = joined.split('.')
  const type = lastServiceType(parts)
  const isSubtype = type >= 2 && parts[type - 1]?.toLowerCase() === '_sub'
  const rest = isSubtype ? type - 1 : type
  return rest > 1 ? nameFromLabels([parts.slice(0, rest).join('.'), ...parts.slice(rest)]) : nameFromLabels(parts)
}

/** Where `_http` of `_http._tcp` stands; -1 if the name has no service type. */
function lastServiceType(parts: readonly string[]): number {
  return parts.findLastIndex((part, at) => part.startsWith('_') && /^_(?:tcp|udp)$/i.test(parts[at + 1] ?? ''))
}

/** What dns-packet writes as this name; bytes that are not UTF-8 are lost. */
export function joinedName(name: Name): string {
  if (name === ROOT) return ROOT
  const labels = labelsOf(name).map((label) => Buffer.from(label).toString())
  return labels.some((label) => CUTS.test(label)) ? uncut(labels) : labels.join('.')
}

/**
 * dns-packet cuts every text at its dots, but all that it asks of a name are three things: that it be trimmed, how many
 * bytes that leaves, and the parts between the dots. This answers them, and nothing else that may be asked.
 */
function uncut(labels: readonly string[]): string {
  const size = labels.reduce((bytes, label) => bytes + 1 + Buffer.byteLength(label), -1)
  const trimmed = Object.assign(Buffer.alloc(size), { split: () => labels })
  return { replace: () => trimmed } as unknown as string
}
