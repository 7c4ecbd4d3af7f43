// Owns `list`: all services.
// Does not own how they are found (registry).
import { RegistryError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatService, LIST_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { followUntilSettled } from '../stream.ts'

/** Somebody who asks for all wants the slow ones too: it watches until no new node comes, then asks for the sum. */
export async function list(session: Session): Promise<ExitCode> {
  const registry = session.registry()
  let found = false
  await followUntilSettled(registry.watch(), session, () => {
    found = true
  })
  if (session.signal.aborted) return EXIT.ok
  const services = found ? await registry.listServices({ signal: session.signal }) : []
  if (services.length === 0) {
    throw new RegistryError('ERR_NOT_FOUND', 'No service answered; is one registered on this link?')
  }
  session.output.list(LIST_COLUMNS, services.map(formatService))
  return EXIT.ok
}
