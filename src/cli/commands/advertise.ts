// Owns `advertise`: a plain DNS-SD instance that is there until a signal ends it.
// Does not own probing and renaming (dnssd, mdns).
import type { AdvertiseOptions } from '../../dnssd/types.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatPublished, formatRenamed, PUBLISHED_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { aborted } from '../signals.ts'

export async function advertise(session: Session, options: AdvertiseOptions): Promise<ExitCode> {
  const advertisement = session.dnssd().advertise(options)
  session.output.head(PUBLISHED_COLUMNS)
  advertisement.on('renamed', ({ from, to }) => session.output.tell(formatRenamed(from, to)))
  await Promise.race([advertisement.ready, aborted(session.signal)])
  if (session.signal.aborted) return EXIT.ok
  session.output.tell(formatPublished(advertisement.name, advertisement.type, options.port))
  await aborted(session.signal)
  return EXIT.ok
}
