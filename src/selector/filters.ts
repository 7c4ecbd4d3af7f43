// Owns the filters of a selection: which versions, nodes and endpoints come into question.
// Does not own the choice among what is left (strategies.ts).
import type { Service } from '../registry/types.ts'

/** One service per version comes in, and what is left of them goes out; nodes may be left out as well. */
export type Filter = (services: readonly Service[]) => readonly Service[]

/** Only this version. */
export function byVersion(version: string): Filter {
  return (services) => services.filter((service) => service.version === version)
}

/** Only nodes whose metadata have this value under this key. */
export function byLabel(key: string, value: string): Filter {
  return (services) =>
    services.flatMap((service) => {
      const nodes = service.nodes.filter(({ metadata }) => Object.hasOwn(metadata, key) && metadata[key] === value)
      return nodes.length > 0 ? [{ ...service, nodes }] : []
    })
}

/** Only versions that have an endpoint of this name. */
export function byEndpoint(name: string): Filter {
  return (services) => services.filter(({ endpoints }) => endpoints.some((endpoint) => endpoint.name === name))
}
