// Owns `advertise` as programs call it: with a registry of its own, real time, and this machine's environment.
// Does not own what it does (lifecycle/advertised-server.ts).
import { createRegistry } from './create-registry.ts'
import { type KeepOptions, keptParts } from './keep-registered.ts'
import { AdvertisedServer, type ServerSource } from './lifecycle/advertised-server.ts'
import { KeptRegistration } from './lifecycle/kept-registration.ts'
import { type ServerLike, serverOf } from './lifecycle/server-address.ts'
import type { Registry } from './registry/types.ts'

export interface AdvertiseOptions extends Omit<KeepOptions, 'ref'> {
  /** Stays open. Default: one of its own, open while the server listens, which does not keep the process alive. */
  readonly registry?: Registry
}

/**
 * Registers a server for as long as it listens, at the port and address where it does, and keeps it registered as
 * `keepRegistered` does. It waits for a server that does not listen yet, deregisters when it is closed, and is back
 * when it listens again. `service` may be just a name. Throws ERR_INVALID_SERVER for what is no server or listens on a
 * Unix socket, ERR_INVALID_INTERVAL, ERR_INVALID_TTL, and what `createRegistry` throws.
 */
export function advertise(server: ServerLike, service: ServerSource, options: AdvertiseOptions = {}): AdvertisedServer {
  const given = options.registry
  // A registry opens nothing before it is used, and the first one tells whether there is such a backend.
  let next: Registry | undefined = given ?? createRegistry({ ref: false })
  const { signal, ...parts } = keptParts(next, { ...options, ref: false })
  return new AdvertisedServer(serverOf(server), service, {
    clock: parts.clock,
    signal,
    keep: (registry, source) => new KeptRegistration(registry, source, { ...parts, signal: undefined }),
    open: () => {
      if (given) return { registry: given, close: async () => {} }
      const registry = next ?? createRegistry({ ref: false })
      next = undefined
      return { registry, close: () => registry.close() }
    },
  })
}
