// Owns `watch`: every change of the services on the link.
// Does not own what a change is (registry/watcher.ts).
import type { ExitCode } from '../exit-code.ts'
import { formatResult, WATCH_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { exitCodeOfStream, follow } from '../stream.ts'

export async function watch(session: Session, service: string | undefined): Promise<ExitCode> {
  const watcher = session.registry().watch(service === undefined ? {} : { service })
  session.output.head(WATCH_COLUMNS)
  await follow(watcher, session.within(), (result) => session.output.tell(formatResult(result)))
  return exitCodeOfStream(session)
}
