// Owns the search for the addresses of one host.
// Does not own how a host is named by a caller (host-name.ts) nor the time limit (waiting.ts).
import { RegistryError } from '../errors.ts'
import type { Cancel } from '../host/ports.ts'
import type { Name } from '../wire/types.ts'
import { addressesOf, isDenied } from './resolve.ts'
import type { Discovery } from './resolver.ts'
import type { LookupOptions, ServiceAddress } from './types.ts'
import { waitFor } from './waiting.ts'

/** Milliseconds that the other family and the other links have after the first answer. */
const SETTLE = 100

type Family = 4 | 6
type Found = { readonly addresses: readonly ServiceAddress[]; readonly complete: boolean }

/**
 * Resolves once every family that is wanted has an address or is known to have none, and 100 ms after the first answer
 * in any case. Rejects with ERR_NOT_FOUND.
 */
export function lookupAddresses(
  discovery: Discovery,
  name: Name,
  options: LookupOptions,
): Promise<readonly ServiceAddress[]> {
  const { host } = discovery
  const families: readonly Family[] = options.family === undefined ? [4, 6] : [options.family]
  return waitFor<readonly ServiceAddress[]>(discovery, options, (waiting) => {
    let settle: Cancel | undefined
    const check = (settled: boolean) => {
      const { addresses, complete } = find(discovery, name, families)
      if (addresses.length === 0 && complete) waiting.reject(notFound(name, 'has no such address'))
      if (addresses.length === 0) return
      if (complete || settled) waiting.resolve(addresses)
      else settle ??= host.clock.at(host.clock.now() + SETTLE, () => check(true))
    }
    const asks = families.map((family) => host.ask(name, family === 4 ? 'A' : 'AAAA', () => check(false)))
    check(false)
    return {
      timeUp: (milliseconds) => {
        check(true)
        waiting.reject(notFound(name, `was not answered for in ${milliseconds} ms`))
      },
      cancel: () => {
        for (const cancel of asks) cancel()
        settle?.()
      },
    }
  })
}

function find({ host, random }: Discovery, name: Name, families: readonly Family[]): Found {
  const lookup = host.lookup.bind(host)
  const all = addressesOf(name, { lookup, links: host.heardLinks, random })
  const addresses = all.filter(({ family }) => families.includes(family))
  const complete = families.every(
    (family) =>
      addresses.some((address) => address.family === family) || isDenied(lookup, name, family === 4 ? 'A' : 'AAAA'),
  )
  return { addresses, complete }
}

function notFound(name: Name, why: string): RegistryError {
  return new RegistryError('ERR_NOT_FOUND', `The host ${name} ${why}; check its name and that it is on this link`)
}
