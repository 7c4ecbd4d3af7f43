// Owns what of a service go-micro can carry, and the publication that it becomes.
// Does not own the records (micro/micro-message.ts).
import { RegistryError } from '../errors.ts'
import { encodeMicroTxt } from '../micro/micro-txt.ts'
import type { MicroPublication } from '../micro/types.ts'
import { type NodeAddress, parseAddress } from './address.ts'
import { microJsonOf } from './micro-node.ts'
import type { Service } from './types.ts'

/** Seconds, as in go-micro, for a node without a ttl of its own. */
const DEFAULT_TTL = 120
const LEAST_TTL = 3
const MAX_LABEL = 63
/** All names of a node have to fit, with the domain and the list's own label. */
const MAX_NAME = 200
/** What is left for TXT in the largest multicast DNS packet when names have their share, RFC 6762 §17. */
const MAX_TXT = 8_000

/** `service` has exactly one node. Throws a RegistryError that names the first thing that go-micro cannot carry. */
export function microOfferOf(service: Service, key: string, ttl: number = DEFAULT_TTL): MicroPublication {
  const { id = '', address: text = '' } = service.nodes[0] ?? {}
  checkName(service.name, 'The service name')
  checkName(id, 'The node id')
  if (id.length + service.name.length > MAX_NAME) throw tooLong(`'${id}' and '${service.name}' together`, MAX_NAME)
  if (service.version === '') {
    throw new RegistryError('ERR_INVALID_SERVICE', `'${service.name}' needs a version: go-micro watches no other`)
  }
  const address = parseAddress(text)
  const txt = encodeMicroTxt(microJsonOf(service))
  if (txt.length > MAX_TXT) throw tooLarge(service, txt.length)
  return {
    key,
    service: service.name,
    id,
    port: address.port,
    ...addressOf(address, text),
    txt,
    ttl: Math.max(ttl, LEAST_TTL),
  }
}

/** go-micro separates labels by dots, and changes the look of what is not plain ASCII. */
function checkName(text: string, what: string): void {
  for (const label of text.split('.')) {
    if (label.length > MAX_LABEL) throw tooLong(`${what} has a part '${label}' that`, MAX_LABEL)
    if (/^[!#-&*-:<-?A-[\]-~]+$/.test(label)) continue
    throw new RegistryError(
      'ERR_INVALID_NAME',
      `${what} '${text}' cannot be told to go-micro; use ASCII letters, digits, hyphens, and single dots between them`,
    )
  }
}

/** go-micro knows no host names. */
function addressOf(address: NodeAddress, text: string): Pick<MicroPublication, 'address'> {
  if (address.kind === 'wildcard') return {}
  const host = address.kind === 'name' && address.host.toLowerCase() === 'localhost' ? '127.0.0.1' : address.host
  if (address.kind === 'name' && host !== '127.0.0.1') {
    throw new RegistryError(
      'ERR_INVALID_ADDRESS',
      `'${text}' has a host name, which go-micro cannot carry; give an IP address, or none for this machine`,
    )
  }
  return { address: { address: host, family: host.includes(':') ? 6 : 4 } }
}

function tooLong(what: string, most: number): RegistryError {
  return new RegistryError('ERR_NAME_TOO_LONG', `${what} must have ${most} characters at most for go-micro`)
}

function tooLarge(service: Service, size: number): RegistryError {
  return new RegistryError(
    'ERR_TXT_TOO_LARGE',
    `The metadata and endpoints of '${service.name}' take ${size} bytes in go-micro's form, and ${MAX_TXT} are the ` +
      'most; publish a URL instead and let clients fetch the rest from it',
  )
}
