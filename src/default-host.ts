// Owns the host that a program gets unless it brings its own: real sockets, real time, and this machine's name.
// Does not own any of the parts it puts together.
import { hostname } from 'node:os'
import { sayFarewellAtExit } from './farewells.ts'
import { Host } from './host/host.ts'
import { hostLabel } from './host/host-label.ts'
import type { Transport } from './host/ports.ts'
import { systemClock } from './net/clock.ts'
import { interfacesFromEnvironment, type LinkSelection } from './net/links.ts'
import { UdpTransport } from './net/udp.ts'

export interface NetworkOptions extends LinkSelection {
  /**
   * Whether the process stays alive while something is advertised or browsed. Default true. With `false` only calls
   * that are waited for keep it alive.
   */
  readonly ref?: boolean
  /** In place of sockets of its own, such as `multicastDns(…)` gives; it chooses its interfaces and families itself. */
  readonly transport?: Transport | undefined
}

/**
 * Opens sockets on the chosen interfaces. `MDNS_REGISTRY_INTERFACES`, names or addresses with commas between them, says
 * which they are if the options do not; `MDNS_REGISTRY_DISABLE=1` leaves none.
 */
export function defaultHost(options: NetworkOptions = {}): Host {
  const { families, ref, transport } = options
  const interfaces = isDisabled() ? () => false : (options.interfaces ?? interfacesFromEnvironment(process.env))
  const host = new Host({
    clock: systemClock,
    random: Math.random,
    transport: transport && !isDisabled() ? transport : new UdpTransport({ interfaces, families }),
    hostName: hostLabel(hostname()),
    ref,
  })
  sayFarewellAtExit(host)
  return host
}

export function isDisabled(): boolean {
  return process.env.MDNS_REGISTRY_DISABLE === '1'
}
