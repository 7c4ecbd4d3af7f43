// Owns `types`: which service types are there, RFC 6763 §9.
// Does not own how they are found (dnssd).
import type { ExitCode } from '../exit-code.ts'
import { formatType, TYPE_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { exitCodeOfStream, follow } from '../stream.ts'

export async function types(session: Session): Promise<ExitCode> {
  const stream = session.dnssd().types()
  session.output.head(TYPE_COLUMNS)
  await follow(stream, session.within(), ({ event, type }) => session.output.tell(formatType(event, type)))
  return exitCodeOfStream(session)
}
