// Owns the choice of the backend: by option, by environment, or mDNS.
// Does not own any backend; those that come with the package are put together and named here.
import { defaultHost, defaultHosts, defaultMicroHost, isDisabled, type NetworkOptions } from './default-host.ts'
import { systemClock } from './net/clock.ts'
import { keepAlive } from './net/keep-alive.ts'
import { createBackend, registerBackend } from './registry/backends.ts'
import { goMicroBackend } from './registry/go-micro.ts'
import { type MdnsOptions, mdnsBackend } from './registry/mdns.ts'
import { type MemoryOptions, memoryBackend } from './registry/memory.ts'
import type { Registry, RegistryOptions } from './registry/types.ts'

const MDNS = 'mdns'
const GO_MICRO = 'go-micro'
const MEMORY = 'memory'

export interface CreateOptions extends RegistryOptions, NetworkOptions, MdnsOptions, MemoryOptions {
  /** Default: `MICRO_REGISTRY` from the environment, or else `mdns`. */
  readonly backend?: string
  /**
   * Where the directory is that a backend registers at; `mdns` and `memory` have none. Default:
   * `MICRO_REGISTRY_ADDRESS` from the environment, with commas between the addresses.
   */
  readonly addresses?: readonly string[]
}

registerBackend(
  MDNS,
  mdnsBackend(
    {
      host: (options: CreateOptions) => defaultHost(options),
      microHost: (options: CreateOptions) => defaultMicroHost(options),
      both: (options: CreateOptions) => defaultHosts(options),
    },
    Math.random,
  ),
)
registerBackend(
  GO_MICRO,
  goMicroBackend((options: CreateOptions) => defaultMicroHost(options), Math.random),
)
registerBackend(MEMORY, memoryBackend(systemClock, Math.random, keepAlive))

/**
 * Opens nothing until the first verb needs it. With `MDNS_REGISTRY_DISABLE=1` in the environment `mdns` and `go-micro`
 * are `memory`, so that nothing reaches the network. Throws ERR_UNKNOWN_BACKEND and ERR_INVALID_OPTION.
 */
export function createRegistry(options: CreateOptions = {}): Registry {
  const name = options.backend ?? (process.env.MICRO_REGISTRY || MDNS)
  const backend = (name === MDNS || name === GO_MICRO) && isDisabled() ? MEMORY : name
  const addresses = options.addresses ?? listOf(process.env.MICRO_REGISTRY_ADDRESS)
  return createBackend(backend, { ...options, backend, ...(addresses === undefined ? {} : { addresses }) })
}

function listOf(text: string | undefined): readonly string[] | undefined {
  const words = (text ?? '').split(',').map((word) => word.trim())
  const named = words.filter((word) => word !== '')
  return named.length > 0 ? named : undefined
}
