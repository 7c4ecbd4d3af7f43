// Owns the start and the end of real servers on the loopback interface, for tests.
// Does not own any expectation.
import { once } from 'node:events'
import type { AddressInfo, ListenOptions, Server } from 'node:net'

const DEADLINE = 5_000

/** Resolves with the port. */
export async function listen(server: Server, where: ListenOptions = { host: '127.0.0.1', port: 0 }): Promise<number> {
  server.listen(where)
  await once(server, 'listening')
  return portOf(server)
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0
}

/** Also if it never listened. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

/** Resolves once it is so, and rejects if it is not in time. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not so after ${DEADLINE} ms: ${isSo}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
