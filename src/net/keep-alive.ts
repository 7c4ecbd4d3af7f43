// Owns what keeps the process alive without doing anything.
// Does not own the reasons for it (host/holds.ts).
import type { Cancel } from '../host/ports.ts'

/** The longest delay that setInterval takes. */
const LONG = 2 ** 31 - 1

/** The process does not end by itself until this is cancelled. */
export function keepAlive(): Cancel {
  const timer = setInterval(() => {}, LONG)
  return () => clearInterval(timer)
}
