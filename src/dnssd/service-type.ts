// Owns the names of DNS-based service discovery: what a service type, an instance and a subtype may be called.
// Does not own the wire form of a name (wire/name.ts) nor which records stand under it (records.ts).
import { RegistryError } from '../errors.ts'
import { MAX_LABEL_BYTES } from '../wire/limits.ts'
import { firstLabel, joinName, nameFromLabels, parentOf, ROOT } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'

/** The name under which every service type of the link is listed, RFC 6763 §9. */
export const META_NAME: Name = nameFromLabels(['_services', '_dns-sd', '_udp', 'local'])

const PROTOCOL = /^_(tcp|udp)$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a name must not hold
const CONTROL = /[\u0000-\u001f\u007f]/
const LONE_SURROGATE = /\p{Surrogate}/u

/** A full instance name, taken apart. */
export interface InstanceParts {
  readonly name: string
  readonly type: string
  readonly domain: string
}

/**
 * The type that may be advertised: 1-15 letters, digits and hyphens, with a letter, over TCP or UDP; RFC 6763 §7,
 * RFC 6335 §5.1. Takes `http`, `_http._tcp` and `_http._tcp.local`, and returns `_http._tcp`. Throws ERR_INVALID_TYPE.
 */
export function advertisedType(text: string): string {
  const type = browsedType(text)
  const service = type.slice(1, type.indexOf('.'))
  if (service.length > 15) throw invalidType(text, `"${service}" is longer than 15 characters`)
  if (!/^[a-z0-9-]+$/i.test(service)) throw invalidType(text, 'only letters, digits and hyphens are allowed')
  if (!/[a-z]/i.test(service)) throw invalidType(text, 'it needs at least one letter')
  if (/^-|-$|--/.test(service)) throw invalidType(text, 'a hyphen may neither begin nor end it nor follow another')
  return type
}

/** The type that may be browsed: anything that others advertise in spite of the rules. Throws ERR_INVALID_TYPE. */
export function browsedType(text: string): string {
  if (typeof text !== 'string') throw invalidType(String(text), 'it has to be a string')
  const labels = withoutDomain(text.normalize('NFC')).split('.')
  const [service = '', protocol = '_tcp', ...rest] = labels
  const plain = labels.length === 1 && !service.startsWith('_')
  if (service === '' || service === '_') throw invalidType(text, 'it is empty')
  if (labels.includes('_sub')) throw invalidType(text, 'give the subtype as an option of its own')
  if (rest.length > 0) throw invalidType(text, 'it has two labels, under the domain "local" alone')
  if (labels.length === 1 && !plain) throw invalidType(text, 'the protocol is missing')
  if (!plain && !service.startsWith('_')) throw invalidType(text, 'both labels begin with an underscore')
  if (!PROTOCOL.test(protocol)) throw invalidType(text, 'the protocol is "_tcp" or, for everything else, "_udp"')
  if (CONTROL.test(service)) throw invalidType(text, 'it holds a control character')
  const label = plain ? `_${service}` : service
  if (bytesOf(label) > MAX_LABEL_BYTES) throw invalidType(text, 'a label holds 63 bytes at most')
  return `${label}.${protocol}`
}

/** `_http._tcp` as a name: `_http._tcp.local`. */
export function typeName(type: string): Name {
  return nameFromLabels([...type.split('.'), 'local'])
}

/** The name to ask for the instances of a subtype alone, RFC 6763 §7.1. */
export function subtypeName(subtype: string, type: string): Name {
  return nameFromLabels([subtype, '_sub', ...type.split('.'), 'local'])
}

/** The name under which an instance has its SRV and TXT records. */
export function instanceName(name: string, type: string): Name {
  return joinName(name, typeName(type))
}

/**
 * Instance, type and domain by the labels of the name itself, not by the question that led to it, RFC 6763 §4.2.
 * Some responders break an instance name at its dots into several labels; these are read as the one name they were.
 */
export function instanceParts(fullName: Name): InstanceParts | undefined {
  const labels = labelTexts(fullName)
  const [service = '', protocol = '', domain = ''] = labels.slice(-3)
  const name = labels.slice(0, -3).join('.')
  if (name === '' || !isLocal(domain) || !service.startsWith('_') || !PROTOCOL.test(protocol)) return undefined
  return { name, type: `${service}.${protocol}`, domain }
}

/** `_http._tcp` of the name `_http._tcp.local`, RFC 6763 §9; undefined for anything else. */
export function typeOf(name: Name): string | undefined {
  const labels = labelTexts(name)
  const [service = '', protocol = '', domain = ''] = labels
  const fits = labels.length === 3 && service.startsWith('_') && PROTOCOL.test(protocol) && isLocal(domain)
  return fits ? `${service}.${protocol}` : undefined
}

/** Whether a name is to be asked for by multicast, RFC 6762 §3. */
export function isLocalName(name: Name): boolean {
  return isLocal(labelTexts(name).at(-1) ?? '')
}

/**
 * The instance name in Unicode's composed form: 1-63 bytes of UTF-8 without control characters, RFC 6763 §4.1.1.
 * Throws ERR_INVALID_NAME or ERR_NAME_TOO_LONG.
 */
export function checkedInstance(name: string): string {
  return checkedLabel(name, 'The instance name')
}

/** The subtype: one label of any characters, RFC 6763 §7.1. Throws ERR_INVALID_NAME or ERR_NAME_TOO_LONG. */
export function checkedSubtype(subtype: string): string {
  return checkedLabel(subtype, 'The subtype')
}

function checkedLabel(text: string, what: string): string {
  if (typeof text !== 'string') throw new RegistryError('ERR_INVALID_NAME', `${what} has to be a string`)
  const label = text.normalize('NFC')
  const shown = JSON.stringify(label)
  if (label === '') throw new RegistryError('ERR_INVALID_NAME', `${what} is empty; give 1-63 bytes of text`)
  if (CONTROL.test(label)) {
    throw new RegistryError('ERR_INVALID_NAME', `${what} ${shown} holds a control character; remove it`)
  }
  if (LONE_SURROGATE.test(label)) {
    throw new RegistryError('ERR_INVALID_NAME', `${what} ${shown} is not valid Unicode: half of a pair is missing`)
  }
  const bytes = bytesOf(label)
  if (bytes > MAX_LABEL_BYTES) {
    throw new RegistryError('ERR_NAME_TOO_LONG', `${what} ${shown} has ${bytes} bytes in UTF-8; 63 are allowed`)
  }
  return label
}

function labelTexts(name: Name): readonly string[] {
  const labels: string[] = []
  for (let rest = name; rest !== ROOT; rest = parentOf(rest)) labels.push(firstLabel(rest))
  return labels
}

function withoutDomain(text: string): string {
  return text.replace(/\.$/, '').replace(/\.local$/i, '')
}

function isLocal(label: string): boolean {
  return label.toLowerCase() === 'local'
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function invalidType(text: string, why: string): RegistryError {
  return new RegistryError(
    'ERR_INVALID_TYPE',
    `${JSON.stringify(text)} is no service type: ${why}; write for instance "_http._tcp"`,
  )
}
