// Owns the names that go-micro gives to services, their nodes and the list of all: dots separate labels there.
// Does not own which texts may become names (registry/micro-offer.ts).

import { MAX_LABEL_BYTES } from '../wire/limits.ts'
import { foldAscii, labelsOf, nameFromLabels } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'

/** Since go-micro 1.10; before that it was `local`. */
export const MICRO_DOMAIN = 'micro'
const LIST = '_services'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What the names of one host have in common. */
export interface MicroNaming {
  readonly domain: string
  /** The domain as a name. */
  readonly root: Name
  /** Under this name the services of the domain are listed: `_services.micro`. */
  readonly list: Name
  /** The target of SRV records: a label outside any domain, so that no other host takes note of its addresses. */
  readonly host: Name
}

export function namingOf(domain: string, hostName: string): MicroNaming {
  return {
    domain,
    root: nameFromLabels(domain.split('.')),
    list: serviceName(LIST, domain),
    host: nameFromLabels([hostName]),
  }
}

/** `go.micro.srv.greeter.micro`. */
export function serviceName(service: string, domain: string): Name {
  return nameFromLabels([...service.split('.'), ...domain.split('.')])
}

/** `greeter-1.go.micro.srv.greeter.micro`. */
export function nodeName(id: string, service: string, domain: string): Name {
  return nameFromLabels([...id.split('.'), ...service.split('.'), ...domain.split('.')])
}

/** What stands for one service in the list: `go.micro.srv.greeter._services.micro`. */
export function listedName(service: string, domain: string): Name {
  return nodeName(service, LIST, domain)
}

/** The id of the node that has this name, if it is one of this service. */
export function idOf(name: Name, service: string, domain: string): string | undefined {
  return prefixOf(name, `${service}.${domain}`)
}

/** The service that this name of the list stands for, if it does. */
export function serviceOf(name: Name, domain: string): string | undefined {
  return prefixOf(name, `${LIST}.${domain}`)
}

/** Whether there can be a service of this name: dots stand between labels, none of which is empty or too long. */
export function isServiceName(service: string): boolean {
  return service.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= MAX_LABEL_BYTES)
}

/** The text before `.suffix`, without regard to ASCII case there. */
function prefixOf(name: Name, suffix: string): string | undefined {
  const text = textOf(name)
  if (text === undefined) return undefined
  const start = text.length - suffix.length - 1
  const fits = start > 0 && text[start] === '.' && foldAscii(text.slice(start + 1)) === foldAscii(suffix)
  return fits ? text.slice(0, start) : undefined
}

/** Undefined if the text does not lead back to the name: a label has a dot in it, or is not UTF-8. */
function textOf(name: Name): string | undefined {
  try {
    const labels = labelsOf(name).map((label) => utf8.decode(label))
    return labels.some((label) => label.includes('.')) ? undefined : labels.join('.')
  } catch {
    return undefined
  }
}
