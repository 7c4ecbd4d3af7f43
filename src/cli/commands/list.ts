// Owns `list`: all services.
// Does not own how they are found (registry).
import { RegistryError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatService, LIST_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'

export async function list(session: Session): Promise<ExitCode> {
  const services = await session.registry().listServices({ signal: session.signal })
  if (services.length === 0) throw new RegistryError('ERR_NOT_FOUND', 'No service answered; is one registered here?')
  session.output.list(LIST_COLUMNS, services.map(formatService))
  return EXIT.ok
}
