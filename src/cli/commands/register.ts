// Owns `register`: a node that is there until a signal ends it.
// Does not own what the words mean (arguments.ts).
import type { Registry, Service, ServiceInput } from '../../registry/types.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatRegistered, REGISTERED_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'
import { aborted } from '../signals.ts'

const MS_PER_SECOND = 1000
/** Renewed twice in each ttl, so that one late timer does not end it. */
const RENEWALS_PER_TTL = 2

export async function register(session: Session, input: ServiceInput, ttl: number | undefined): Promise<ExitCode> {
  const registry = session.registry()
  const options = ttl === undefined ? {} : { ttl }
  const service = await registry.register(input, { ...options, signal: session.signal })
  session.output.head(REGISTERED_COLUMNS)
  for (const node of service.nodes) session.output.tell(formatRegistered(service.name, node))
  const stop = ttl === undefined ? () => {} : renew(registry, service, ttl)
  await aborted(session.signal)
  stop()
  return EXIT.ok
}

/** A renewal that fails is made good by the next one, or the registration lapses as its ttl says. */
function renew(registry: Registry, service: Service, ttl: number): () => void {
  const again = () => void registry.register(service, { ttl }).catch(() => {})
  const timer = setInterval(again, (ttl * MS_PER_SECOND) / RENEWALS_PER_TTL)
  return () => clearInterval(timer)
}
