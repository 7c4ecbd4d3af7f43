// Owns the choice of the backend: by option, by environment, or mDNS.
// Does not own any backend; the two that come with the package are put together and named here.
import { defaultHost, isDisabled, type NetworkOptions } from './default-host.ts'
import { systemClock } from './net/clock.ts'
import { keepAlive } from './net/keep-alive.ts'
import { createBackend, registerBackend } from './registry/backends.ts'
import { type MdnsOptions, mdnsBackend } from './registry/mdns.ts'
import { type MemoryOptions, memoryBackend } from './registry/memory.ts'
import type { Registry, RegistryOptions } from './registry/types.ts'

const MDNS = 'mdns'
const MEMORY = 'memory'

export interface CreateOptions extends RegistryOptions, NetworkOptions, MdnsOptions, MemoryOptions {
  /** Default: `MICRO_REGISTRY` from the environment, or else `mdns`. */
  readonly backend?: string
}

registerBackend(
  MDNS,
  mdnsBackend((options: CreateOptions) => defaultHost(options), Math.random),
)
registerBackend(MEMORY, memoryBackend(systemClock, Math.random, keepAlive))

/**
 * Opens nothing until the first verb needs it. With `MDNS_REGISTRY_DISABLE=1` in the environment `mdns` is `memory`, so
 * that nothing reaches the network. Throws ERR_UNKNOWN_BACKEND.
 */
export function createRegistry(options: CreateOptions = {}): Registry {
  const name = options.backend ?? (process.env.MICRO_REGISTRY || MDNS)
  const backend = name === MDNS && isDisabled() ? MEMORY : name
  return createBackend(backend, { ...options, backend })
}
