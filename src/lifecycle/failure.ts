// Owns what kind of failure an error is: one that only the caller can cure, one of an id, or the end of the registry.
// Does not own the checks that find them (registry/service-input.ts).
import { RegistryError, type RegistryErrorCode } from '../errors.ts'

const MISUSE: ReadonlySet<RegistryErrorCode> = new Set([
  'ERR_INVALID_ADDRESS',
  'ERR_INVALID_METADATA',
  'ERR_INVALID_NAME',
  'ERR_INVALID_PORT',
  'ERR_INVALID_SERVICE',
  'ERR_INVALID_TTL',
  'ERR_INVALID_TXT',
  'ERR_NAME_TOO_LONG',
  'ERR_TXT_TOO_LARGE',
])

/** No retry can cure it. */
export function isMisuse(error: unknown): boolean {
  return error instanceof RegistryError && MISUSE.has(error.code)
}

export function isConflict(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'ERR_NAME_CONFLICT'
}

export function isClosed(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'ERR_CLOSED'
}
