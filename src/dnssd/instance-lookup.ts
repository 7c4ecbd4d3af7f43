// Owns the search for one instance whose name is known: where it is, as soon as all of it is known.
// Does not own the questions (resolver.ts) nor the time limit (waiting.ts).
import { RegistryError } from '../errors.ts'
import type { Name } from '../wire/types.ts'
import { isDenied, type Missing } from './resolve.ts'
import { type Discovery, Resolver } from './resolver.ts'
import type { InstanceParts } from './service-type.ts'
import type { Service, WaitOptions } from './types.ts'
import { waitFor } from './waiting.ts'

/**
 * Rejects with ERR_NOT_FOUND if nobody answers or the answer is that there is no such service, with ERR_TIMEOUT if a
 * part of the answer did not come in time.
 */
export function lookupInstance(
  discovery: Discovery,
  fullName: Name,
  parts: InstanceParts,
  options: WaitOptions,
): Promise<Service> {
  return waitFor<Service>(discovery, options, (waiting) => {
    const { host } = discovery
    let missing: Missing = 'SRV'
    const check = () => {
      const found = resolver.resolve()
      missing = found.missing
      if (missing === undefined) waiting.resolve(found.service)
      else if (missing === 'host' || isGone(discovery, fullName, missing)) waiting.reject(unavailable(parts))
    }
    const changed = () => host.settle(check)
    const resolver = new Resolver(discovery, fullName, parts, { changed, silent: () => {} })
    check()
    return {
      timeUp: (milliseconds) => waiting.reject(late(parts, missing, milliseconds)),
      cancel: () => resolver.close(),
    }
  })
}

function isGone({ host }: Discovery, fullName: Name, missing: Missing): boolean {
  return missing === 'SRV' && isDenied((name, type) => host.lookup(name, type), fullName, 'SRV')
}

function unavailable({ name, type }: InstanceParts): RegistryError {
  return new RegistryError('ERR_NOT_FOUND', `"${name}" of type ${type} is known, but says that it is not available`)
}

function late({ name, type }: InstanceParts, missing: Missing, milliseconds: number): RegistryError {
  if (missing === 'SRV') {
    return new RegistryError('ERR_NOT_FOUND', `Nobody answered for "${name}" of type ${type} in ${milliseconds} ms`)
  }
  const part = missing === 'address' ? 'the addresses of its host' : 'its TXT record'
  return new RegistryError('ERR_TIMEOUT', `"${name}" of type ${type} is there, but ${part} did not come in time`)
}
