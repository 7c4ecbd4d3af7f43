// Owns which backends there are, by name.
// Does not own any backend, nor which of them is the default (create-registry.ts).
import { RegistryError } from '../errors.ts'
import type { BackendFactory, Registry, RegistryOptions } from './types.ts'

const factories = new Map<string, BackendFactory>()

/** Makes `createRegistry({ backend: name })` use this factory; one of the same name is replaced. */
export function registerBackend(name: string, factory: BackendFactory): void {
  if (typeof name !== 'string' || name === '') {
    throw new RegistryError('ERR_INVALID_NAME', 'A backend needs a name, such as "consul"')
  }
  factories.set(name, factory)
}

/** Throws ERR_UNKNOWN_BACKEND. */
export function createBackend(name: string, options: RegistryOptions): Registry {
  const factory = factories.get(name)
  if (factory) return factory(options)
  const known = [...factories.keys()].sort().join(', ')
  throw new RegistryError(
    'ERR_UNKNOWN_BACKEND',
    `There is no registry backend '${name}'; known are ${known}. Add a plug-in with registerBackend(name, factory)`,
  )
}
