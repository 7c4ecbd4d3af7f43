// Owns the names that go-micro gives to services, their nodes and the list of all: dots separate labels there.
// Does not own which texts may become names (registry/micro-offer.ts).
import { labelsOf, nameFromLabels } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'

/** Since go-micro 1.10; before that it was `local`. */
export const MICRO_DOMAIN = 'micro'
const LIST = '_services'

const utf8 = new TextDecoder()

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

/** The text before `.suffix`, without regard to ASCII case there. */
function prefixOf(name: Name, suffix: string): string | undefined {
  const text = labelsOf(name)
    .map((label) => utf8.decode(label))
    .join('.')
  const start = text.length - suffix.length - 1
  const fits = start > 0 && text[start] === '.' && text.slice(start + 1).toLowerCase() === suffix.toLowerCase()
  return fits ? text.slice(0, start) : undefined
}
