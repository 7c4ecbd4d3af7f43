// Owns `register`: a node that is kept registered until a signal ends it.
// Does not own what the words mean (arguments.ts) nor when it is renewed (lifecycle/kept-registration.ts).
import { keepRegistered } from '../../keep-registered.ts'
import type { KeptRegistration } from '../../lifecycle/kept-registration.ts'
import type { Rhythm } from '../../lifecycle/rhythm.ts'
import type { Service, ServiceInput } from '../../registry/types.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatRegistered, REGISTERED_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { aborted } from '../signals.ts'

/** Somebody at a terminal wants to know what is wrong, and no second try, until it is registered once. */
export async function register(session: Session, input: ServiceInput, rhythm: Partial<Rhythm>): Promise<ExitCode> {
  const kept = keepRegistered(session.registry(), input, { ...rhythm, signal: session.signal })
  try {
    const service = await firstOutcome(kept)
    session.output.head(REGISTERED_COLUMNS)
    for (const node of service.nodes) session.output.tell(formatRegistered(service.name, node))
    kept.on('failed', (error) => session.warn(error))
    await aborted(session.signal)
    return EXIT.ok
  } finally {
    await kept.stop()
  }
}

function firstOutcome(kept: KeptRegistration): Promise<Service> {
  return new Promise((resolve, reject) => {
    kept.on('failed', reject)
    kept.ready.then(resolve, reject)
  })
}
