// Owns the backend `mdns`: nodes as DNS-SD instances, and in go-micro's way as well or instead if that is wanted.
// Does not own the wire formats (dnssd-wire.ts, micro-wire.ts), nor how hosts are put together (the caller does).
import { RegistryError } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { MicroHost } from '../micro/micro-host.ts'
import { DnssdWire } from './dnssd-wire.ts'
import type { GoMicroOptions } from './go-micro.ts'
import { MicroWire } from './micro-wire.ts'
import { NodeRegistry } from './node-registry.ts'
import type { BackendFactory, RegistryOptions } from './types.ts'
import { WiredMedium } from './wired-medium.ts'

/** The wire formats that there are. */
export const WIRES = ['dns-sd', 'go-micro'] as const
export type WireName = (typeof WIRES)[number]

export interface MdnsOptions extends GoMicroOptions {
  /** A host that lives longer than the registry; it is not closed with it. Default: one of the registry's own. */
  readonly host?: Host
  /** Default `['dns-sd']`. With `'go-micro'` as well, programs of both worlds see each node, and are seen, once. */
  readonly wire?: readonly WireName[]
}

export interface Hosts {
  readonly host: Host
  readonly microHost: MicroHost
}

export interface HostMakers {
  host(options: RegistryOptions): Host
  /** Default: go-micro's wire format needs a host that is given. */
  microHost?(options: RegistryOptions): MicroHost
  /** Two that share one transport. Default: each has its own. */
  both?(options: RegistryOptions): Hosts
}

type Warn = (warning: RegistryError) => void

/** A host is made when a registry that was given none is first used. The factory throws ERR_INVALID_OPTION. */
export function mdnsBackend(make: HostMakers, random: () => number): BackendFactory {
  return (options: MdnsOptions) => {
    const wires = parseWires(options, make)
    return new NodeRegistry({
      name: 'mdns',
      options,
      random: options.random ?? random,
      open: (warn) => openMedium(wires, options, make, warn),
    })
  }
}

function openMedium(wires: readonly WireName[], options: MdnsOptions, make: HostMakers, warn: Warn): WiredMedium {
  const needsBoth = wires.length === WIRES.length && !options.host && !options.microHost
  const made = needsBoth ? make.both?.(options) : undefined
  const open = (wire: WireName) => {
    if (wire === 'dns-sd') {
      const host = options.host ?? made?.host ?? make.host(options)
      return new DnssdWire({ host, shared: options.host !== undefined, warn })
    }
    const host = options.microHost ?? made?.microHost ?? make.microHost?.(options)
    if (host === undefined) throw noMicroHost()
    return new MicroWire({ host, shared: options.microHost !== undefined, warn })
  }
  const [first = 'dns-sd', ...others] = wires
  return new WiredMedium(open(first), ...others.map(open))
}

function parseWires({ wire, host, microHost }: MdnsOptions, make: HostMakers): readonly WireName[] {
  const wires: readonly unknown[] = Array.isArray(wire) ? [...new Set(wire)] : wire === undefined ? ['dns-sd'] : []
  const known = WIRES.filter((name) => wires.includes(name))
  if (known.length === 0 || known.length < wires.length) {
    throw new RegistryError('ERR_INVALID_OPTION', `'wire' has to be a list of one or both of '${WIRES.join("', '")}'`)
  }
  if (known.includes('go-micro') && !microHost && (host || !make.microHost)) throw noMicroHost()
  return known
}

function noMicroHost(): RegistryError {
  return new RegistryError(
    'ERR_INVALID_OPTION',
    "With a 'host' of your own, the wire format 'go-micro' needs a 'microHost' as well",
  )
}
