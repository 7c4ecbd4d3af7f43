// Owns how a host is named by a caller: `printer`, `printer.local` or a name of unicast DNS.
// Does not own this host's own name, which the engine claims, nor addresses.
import { isIP } from 'node:net'
import { RegistryError } from '../errors.ts'
import { nameFromText } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'

/**
 * The name for a text: `.local` is appended to a single label and to nothing else, RFC 6762 §21; it is composed
 * Unicode, RFC 6762 §16. The target of an SRV
 * record is a name, never an address, RFC 2782. Throws ERR_INVALID_NAME, ERR_NAME_TOO_LONG or ERR_INVALID_ADDRESS.
 */
export function hostName(text: string): Name {
  const host = typeof text === 'string' ? text.normalize('NFC').replace(/\.$/, '') : ''
  const shown = JSON.stringify(text)
  if (isIP(host) !== 0) throw new RegistryError('ERR_INVALID_ADDRESS', `${shown} is an address; give a host's name`)
  if (/[\s\p{Cc}\\]/u.test(host) || host.split('.').includes('')) {
    throw new RegistryError('ERR_INVALID_NAME', `${shown} is no host name; write for instance "printer.local"`)
  }
  try {
    return nameFromText(host.includes('.') ? host : `${host}.local`)
  } catch (cause) {
    throw new RegistryError('ERR_NAME_TOO_LONG', `The host name ${shown} is longer than names can be`, { cause })
  }
}
