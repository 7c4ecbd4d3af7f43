// Owns `get`: who runs this service.
// Does not own how it is found (registry).
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatNodes, GET_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'

export async function get(session: Session, name: string): Promise<ExitCode> {
  const services = await session.registry().getService(name, { signal: session.signal })
  session.output.list(GET_COLUMNS, services.map(formatNodes))
  return EXIT.ok
}
