// Owns what a program is told about the links that its services are on: how each is, and what is wrong with it.
// Does not own the finding out (host/tally.ts, net/udp.ts).
import { RegistryError } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { HostEvent } from '../host/host-event.ts'
import type { LinkState } from '../host/link-health.ts'
import type { Family, LinkAddress } from '../mdns/types.ts'

/** One interface in one address family. */
export interface LinkStatus {
  /** `wlan0/4`. */
  readonly id: string
  readonly interface: string
  readonly family: Family
  readonly addresses: readonly LinkAddress[]
  /** Whether what is sent leaves: `degraded` after a failure, `failed` after three in a row. */
  readonly state: LinkState
  /** True while another program has UDP port 5353 to itself: services can be found here, but not advertised. */
  readonly queryOnly: boolean
  /** Bytes of the receive buffer; absent where it is not known. Below a megabyte a busy process may lose packets. */
  readonly receiveBuffer?: number
  /** The last failure, also after the link has recovered. */
  readonly lastError?: Error
}

/** Those that are up. */
export function linkStatuses(host: Host): readonly LinkStatus[] {
  const statsById = new Map(host.stats.links.map((stats) => [stats.id, stats]))
  return host.links.map(({ id, interface: on, family, addresses, queryOnly = false }) => {
    const { state = 'up', receiveBuffer, lastError } = statsById.get(id) ?? {}
    return {
      id,
      interface: on,
      family,
      addresses,
      state,
      queryOnly,
      ...(receiveBuffer !== undefined && { receiveBuffer }),
      ...(lastError && { lastError }),
    }
  })
}

/** What a program should hear of without having asked; undefined for events that are no trouble with a link. */
export function linkWarning(event: HostEvent): RegistryError | undefined {
  if (event.kind !== 'trouble') return undefined
  const { link, error } = event
  const where = link === '*' ? 'The interfaces of this machine' : `The link ${link}`
  if (codeOf(error) !== 'EADDRINUSE') {
    return new RegistryError('ERR_LINK_FAILED', `${where} had trouble and will be tried again: ${error.message}`, {
      cause: error,
    })
  }
  const consequence = 'until it ends, services can be found there but not registered'
  return new RegistryError('ERR_PORT_IN_USE', `${where}: ${error.message}; ${consequence}`, { cause: error })
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined
}
