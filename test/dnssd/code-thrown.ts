// Owns the answer to which error a call throws at once.
// Does not own promises that reject later.
import { RegistryError } from '../../src/errors.ts'

/** The code of the RegistryError, `none` if nothing was thrown. */
export function codeThrown(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof RegistryError) return error.code
    throw error
  }
  return 'none'
}
