// Owns `browse`: the instances of a service type.
// Does not own how they are found (dnssd/browser.ts).
import type { BrowseEvent } from '../../dnssd/types.ts'
import type { ExitCode } from '../exit-code.ts'
import { BROWSE_COLUMNS, formatBrowse, RESOLVED_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { exitCodeOfStream, follow, followUntilSettled } from '../stream.ts'

export interface BrowseRequest {
  readonly subtype?: string
  readonly resolve?: boolean
  readonly terminate?: boolean
}

export async function browse(session: Session, type: string, request: BrowseRequest): Promise<ExitCode> {
  const resolve = request.resolve ?? false
  const subtype = request.subtype === undefined ? {} : { subtype: request.subtype }
  const browser = session.dnssd().browse(type, { ...subtype, resolve })
  session.output.head(resolve ? RESOLVED_COLUMNS : BROWSE_COLUMNS)
  const tell = (event: BrowseEvent) => session.output.tell(formatBrowse(event, resolve))
  if (request.terminate) await followUntilSettled(browser, session, tell)
  else await follow(browser, session.within(), tell)
  return exitCodeOfStream(session)
}
