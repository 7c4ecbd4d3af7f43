// Owns the goodbyes of a process that ends before its hosts were closed: by its last line, an error or an exit.
// Does not own how a host says them (host/host.ts), nor ends by a signal (handle-signals.ts).
import type { Host } from './host/host.ts'

const open = new Set<Host>()

/** Has a host say goodbye when the process ends, until it is closed; one listener does for all. */
export function sayFarewellAtExit(host: Host): void {
  if (open.size === 0) process.on('exit', sayFarewells)
  open.add(host)
  host.on(({ kind }) => {
    if (kind !== 'closed') return
    open.delete(host)
    if (open.size === 0) process.off('exit', sayFarewells)
  })
}

/** Every goodbye leaves before it returns. Nothing but that can be done while a process exits. */
export function sayFarewells(): void {
  for (const host of [...open]) host.farewell()
}
