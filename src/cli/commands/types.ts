// Owns `types`: which service types are there, RFC 6763 §9.
// Does not own how they are found (dnssd).
import type { ExitCode } from '../exit-code.ts'
import { formatType, TYPE_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { exitCodeOfStream, follow } from '../stream.ts'

export async function types(session: Session): Promise<ExitCode> {
  const end = new AbortController()
  const found = session.dnssd().types({ signal: end.signal })
  session.output.head(TYPE_COLUMNS)
  const stream = { stop: () => end.abort(), [Symbol.asyncIterator]: () => found[Symbol.asyncIterator]() }
  await follow(stream, session.within(), ({ event, type }) => session.output.tell(formatType(event, type)))
  return exitCodeOfStream(session)
}
