// Owns `browse`: the instances of a service type.
// Does not own how they are found (dnssd/browser.ts).
import type { BrowseEvent } from '../../dnssd/types.ts'
import type { ExitCode } from '../exit-code.ts'
import { BROWSE_COLUMNS, formatBrowse, RESOLVED_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { exitCodeOfStream, type Followed, follow } from '../stream.ts'

export interface BrowseRequest {
  readonly subtype?: string
  readonly resolve?: boolean
  readonly terminate?: boolean
}

/** With `--terminate`: how long a first answer may take when no `--timeout` is given. Three queries leave in this time. */
const FIRST_ANSWER = 3500
/** With `--terminate`: the answers have settled when nothing new has come for so long. */
const SETTLED = 1000

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

async function followUntilSettled<T>(stream: Followed<T>, session: Session, tell: (item: T) => void): Promise<void> {
  const settled = new AbortController()
  const settle = () => settled.abort()
  let timer = setTimeout(settle, session.options.timeout ?? FIRST_ANSWER)
  const signal = AbortSignal.any([session.within(), settled.signal])
  await follow(stream, signal, (item) => {
    tell(item)
    clearTimeout(timer)
    timer = setTimeout(settle, SETTLED)
  })
  clearTimeout(timer)
}
