// Owns the assertion that something was refused, and with which code.
// Does not own which codes there are (errors.ts).
import assert from 'node:assert/strict'
import type { RegistryErrorCode } from '../errors.ts'

/** Validates an error as `assert.throws` and `assert.rejects` have it: a RegistryError with one of these codes. */
export function coded(...codes: readonly RegistryErrorCode[]): (error: unknown) => boolean {
  return (error) => {
    const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown }
    const was = `it was ${String(name)} ${String(code)}: ${String(message)}`
    assert.equal(name, 'RegistryError', `a RegistryError was due, ${was}`)
    assert.ok(
      codes.some((each) => each === code),
      `${codes.join(' or ')} was due, ${was}`,
    )
    return true
  }
}
