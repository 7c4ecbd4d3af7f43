// Owns a backend that lacks whatever a backend may lack.
// Does not own what the contract asserts in its place.
import { RegistryError } from '../../src/errors.ts'
import type { Registry, Service, ServiceInput } from '../../src/registry/types.ts'
import { RetoldWatcher } from './altered.ts'

/** Each lack of its own, to be put over a registry that has none. */
export const POOR: Readonly<Record<string, (registry: Registry) => Partial<Registry>>> = {
  'free-names': (registry) => ({
    register: async (service, asked) => {
      for (const name of [service.name, ...(service.nodes ?? []).map(({ id = 'x' }) => id)]) {
        if (/[^!-~]/.test(String(name))) throw new RegistryError('ERR_INVALID_NAME', `${name} is not ASCII`)
      }
      return registry.register(service, asked)
    },
  }),
  'host-names': (registry) => ({
    register: async (service, asked) => {
      const nodes = service.nodes?.map((node) => ({ ...node, address: numeric(node.address) }))
      return registry.register({ ...service, nodes }, asked)
    },
  }),
  conflicts: (registry) => ({
    register: (service, asked) =>
      registry.register(service, asked).catch((error: unknown) => {
        if (!(error instanceof RegistryError) || error.code !== 'ERR_NAME_CONFLICT') throw error
        return { version: '', metadata: {}, endpoints: [], ...service, nodes: [] }
      }),
  }),
  'case-blind-ids': (registry) => ({
    register: async (service, asked) => read(await registry.register(written(service), asked)),
    deregister: (service) => registry.deregister(written(service)),
    getService: async (...args) => (await registry.getService(...args)).map(read),
    listServices: async (...args) => (await registry.listServices(...args)).map(read),
    watch: (asked) =>
      new RetoldWatcher(registry.watch(asked), (result) => [{ ...result, service: read(result.service) }]),
  }),
}

/** What is no address at all is for the registry to refuse. */
function numeric(address: string): string {
  const [, name] = /^([a-z.]+):\d+$/.exec(String(address)) ?? []
  if (name === undefined) return address
  if (name === 'localhost') return address.replace('localhost', '127.0.0.1')
  throw new RegistryError('ERR_INVALID_ADDRESS', `${address} is not an IP address`)
}

/** A mark after each capital letter, by which ids differ that are equal without regard to case. */
function written(service: ServiceInput): ServiceInput {
  if (!Array.isArray(service.nodes)) return service
  const nodes = service.nodes.map(({ id, ...node }) => (id === undefined ? node : { ...node, id: mark(id) }))
  return { ...service, nodes }
}

function mark(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `${letter}^`)
}

function read(service: Service): Service {
  return { ...service, nodes: service.nodes.map((node) => ({ ...node, id: node.id.replaceAll('^', '') })) }
}
