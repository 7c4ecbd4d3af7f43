// Owns `resolve`: where one instance is.
// Does not own how it is found (dnssd).
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatResolved, RESOLVED_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'

export async function resolve(session: Session, instance: string, type: string): Promise<ExitCode> {
  const service = await session.dnssd().resolve(instance, type, session.wait)
  session.output.list(RESOLVED_COLUMNS, [formatResolved(service)])
  return EXIT.ok
}
