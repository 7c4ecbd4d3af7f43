// Owns the backend `go-micro`: a registry among those of go-micro, which has no other wire format.
// Does not own the wire format (micro-wire.ts), nor how a host is put together (the caller gives one or makes it).
import type { MicroHost } from '../micro/micro-host.ts'
import { MicroWire } from './micro-wire.ts'
import { NodeRegistry } from './node-registry.ts'
import type { BackendFactory, RegistryOptions } from './types.ts'
import { WiredMedium } from './wired-medium.ts'

export interface GoMicroOptions extends RegistryOptions {
  /** A host that lives longer than the registry; it is not closed with it. Default: one of the registry's own. */
  readonly microHost?: MicroHost
  /** For made-up node ids. */
  readonly random?: () => number
  /** The domain of go-micro's names. Default `micro`; `local` is what go-micro used up to version 1.9. */
  readonly domain?: string
}

/** `makeHost` is called when a registry that was given no host is first used. */
export function goMicroBackend(
  makeHost: (options: RegistryOptions) => MicroHost,
  random: () => number,
): BackendFactory {
  return (options: GoMicroOptions) =>
    new NodeRegistry({
      name: 'go-micro',
      options,
      random: options.random ?? random,
      open: (warn) => {
        const { microHost } = options
        const host = microHost ?? makeHost(options)
        return new WiredMedium(new MicroWire({ host, shared: microHost !== undefined, warn }))
      },
    })
}
