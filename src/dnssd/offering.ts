// Owns what a caller wants to advertise, checked and with every default filled in.
// Does not own the records that follow from it (records.ts) nor their life on the link (advertisement.ts).
import { isIP, SocketAddress } from 'node:net'
import { RegistryError } from '../errors.ts'
import type { Name } from '../wire/types.ts'
import { hostName } from './host-name.ts'
import { advertisedType, checkedInstance, checkedSubtype, isLocalName } from './service-type.ts'
import { encodeTxt } from './txt.ts'
import type { AdvertiseOptions } from './types.ts'

const MAX_TTL = 2 ** 31 - 1

export interface Offering {
  readonly name: string
  readonly type: string
  readonly port: number
  readonly txtData: Uint8Array
  readonly subtypes: readonly string[]
  /** undefined: this host's own name. */
  readonly host: Name | undefined
  readonly addresses: readonly OfferedAddress[]
  /** Seconds, for every record; undefined: the defaults by type. */
  readonly ttl: number | undefined
  readonly priority: number
  readonly weight: number
  readonly rename: boolean
  readonly probe: boolean
}

export interface OfferedAddress {
  readonly type: 'A' | 'AAAA'
  readonly address: string
}

/** Checks all that a caller gave; throws a RegistryError that says what to change. */
export function offeringOf(options: AdvertiseOptions): Offering {
  const host = options.host === undefined ? undefined : hostName(options.host)
  return {
    name: checkedInstance(options.name),
    type: advertisedType(options.type),
    port: checkedPort(options.port),
    txtData: encodeTxt(options.txt ?? {}),
    subtypes: distinct((options.subtypes ?? []).map(checkedSubtype)),
    host,
    addresses: checkedAddresses(options.addresses ?? [], host),
    ttl: options.ttl === undefined ? undefined : checkedTtl(options.ttl),
    priority: checkedRank('priority', options.priority ?? 0),
    weight: checkedRank('weight', options.weight ?? 0),
    rename: options.rename ?? true,
    probe: options.probe ?? true,
  }
}

/** Throws ERR_INVALID_PORT. Port 0 only ever means that there is no service, RFC 6763 §8. */
export function checkedPort(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new RegistryError(
    'ERR_INVALID_PORT',
    `${String(port)} is no port that a client could connect to; give the one that the server listens on, 1-65535`,
  )
}

function checkedTtl(ttl: number): number {
  if (Number.isInteger(ttl) && ttl > 0 && ttl <= MAX_TTL) return ttl
  throw new RegistryError('ERR_INVALID_TTL', `The ttl ${String(ttl)} is no whole number of seconds from 1 to 2^31-1`)
}

function checkedRank(what: string, rank: number): number {
  if (Number.isInteger(rank) && rank >= 0 && rank < 65536) return rank
  throw new RegistryError('ERR_INVALID_SERVICE', `The ${what} ${String(rank)} is no whole number from 0 to 65535`)
}

function checkedAddresses(addresses: readonly string[], host: Name | undefined): readonly OfferedAddress[] {
  if (addresses.length === 0) return []
  if (host === undefined) {
    throw new RegistryError('ERR_INVALID_ADDRESS', 'Addresses need a `host` of their own that they are published for')
  }
  if (!isLocalName(host)) {
    throw new RegistryError('ERR_INVALID_ADDRESS', `Addresses are published under .local alone, not for "${host}"`)
  }
  return addresses.map(offeredAddress)
}

function offeredAddress(address: string): OfferedAddress {
  const family = isIP(address)
  if (family === 4) return { type: 'A', address }
  if (family === 6 && !address.includes('%')) {
    return { type: 'AAAA', address: new SocketAddress({ address, family: 'ipv6' }).address }
  }
  throw new RegistryError('ERR_INVALID_ADDRESS', `${JSON.stringify(address)} is no IPv4 or IPv6 address without a zone`)
}

/** Of subtypes that differ in ASCII case alone the first stands. */
function distinct(subtypes: readonly string[]): readonly string[] {
  const folded = subtypes.map((subtype) => subtype.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
  return subtypes.filter((_, i) => folded.indexOf(folded[i] ?? '') === i)
}
