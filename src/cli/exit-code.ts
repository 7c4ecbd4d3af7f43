// Owns the exit codes of the command line and which failure means which.
// Does not own the messages that go with them.
import { CommanderError } from 'commander'
import { RegistryError, type RegistryErrorCode } from '../errors.ts'

export const EXIT = { ok: 0, notFound: 1, usage: 2, noInterface: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What the link decides; every other RegistryError is about what the caller has written. */
const DECIDED_BY_THE_LINK: ReadonlySet<RegistryErrorCode> = new Set([
  'ERR_NOT_FOUND',
  'ERR_TIMEOUT',
  'ERR_NAME_CONFLICT',
  'ERR_CLOSED',
])

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (!(error instanceof RegistryError)) return EXIT.notFound
  if (error.code === 'ERR_NO_INTERFACE') return EXIT.noInterface
  return DECIDED_BY_THE_LINK.has(error.code) ? EXIT.notFound : EXIT.usage
}
