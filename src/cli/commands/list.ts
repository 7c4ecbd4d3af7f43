// Owns `list`: all services.
// Does not own how they are found (registry).
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatService, LIST_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'

export async function list(session: Session): Promise<ExitCode> {
  const services = await session.registry().listServices({ signal: session.signal })
  session.output.list(LIST_COLUMNS, services.map(formatService))
  return services.length > 0 ? EXIT.ok : EXIT.notFound
}
