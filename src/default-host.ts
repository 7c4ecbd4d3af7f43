// Owns the hosts that a program gets unless it brings its own: real sockets, real time, and this machine's name.
// Does not own any of the parts it puts together.
import { hostname } from 'node:os'
import { sayFarewellAtExit } from './farewells.ts'
import { Host } from './host/host.ts'
import { hostLabel } from './host/host-label.ts'
import { Junction } from './host/junction.ts'
import type { Transport } from './host/ports.ts'
import { MicroHost } from './micro/micro-host.ts'
import { systemClock } from './net/clock.ts'
import { interfacesFromEnvironment, type LinkSelection } from './net/links.ts'
import { UdpTransport } from './net/udp.ts'
import type { Hosts } from './registry/mdns.ts'

export interface NetworkOptions extends LinkSelection {
  /**
   * Whether the process stays alive while something is advertised or browsed. Default true. With `false` only calls
   * that are waited for keep it alive.
   */
  readonly ref?: boolean
  /** In place of sockets of its own, such as `multicastDns(…)` gives; it chooses its interfaces and families itself. */
  readonly transport?: Transport | undefined
}

export interface MicroNetworkOptions extends NetworkOptions {
  /** The domain of go-micro's names. Default `micro`; `local` is what go-micro used up to version 1.9. */
  readonly domain?: string | undefined
}

/**
 * Opens sockets on the chosen interfaces. `MDNS_REGISTRY_INTERFACES`, names or addresses with commas between them, says
 * which they are if the options do not; `MDNS_REGISTRY_DISABLE=1` leaves none.
 */
export function defaultHost(options: NetworkOptions = {}): Host {
  return mdnsHost(defaultTransport(options), options)
}

/** As `defaultHost`, for a peer of go-micro's. */
export function defaultMicroHost(options: MicroNetworkOptions = {}): MicroHost {
  return microHost(defaultTransport(options), options)
}

/** Both, on the same sockets. */
export function defaultHosts(options: MicroNetworkOptions = {}): Hosts {
  const junction = new Junction(defaultTransport(options))
  return { host: mdnsHost(junction.branch(), options), microHost: microHost(junction.branch(), options) }
}

function mdnsHost(transport: Transport, { ref }: NetworkOptions): Host {
  const host = new Host({
    clock: systemClock,
    random: Math.random,
    transport,
    hostName: hostLabel(hostname()),
    ref,
  })
  sayFarewellAtExit(host)
  return host
}

function microHost(transport: Transport, options: MicroNetworkOptions): MicroHost {
  const host = new MicroHost({
    clock: systemClock,
    random: Math.random,
    transport,
    asking: new UdpTransport({ ...selectionOf(options), queryOnly: true }),
    hostName: hostLabel(hostname()),
    domain: options.domain,
    ref: options.ref,
  })
  sayFarewellAtExit(host)
  return host
}

function defaultTransport(options: NetworkOptions): Transport {
  const { transport } = options
  return transport && !isDisabled() ? transport : new UdpTransport(selectionOf(options))
}

function selectionOf({ families, interfaces }: NetworkOptions): LinkSelection {
  if (isDisabled()) return { interfaces: () => false }
  return { interfaces: interfaces ?? interfacesFromEnvironment(process.env), families }
}

export function isDisabled(): boolean {
  return process.env.MDNS_REGISTRY_DISABLE === '1'
}
