// Owns the goodbyes of a process that ends before its hosts were closed: by its last line, an error or an exit.
// Does not own how a host says them (host/host.ts, micro/micro-host.ts), nor ends by a signal (handle-signals.ts).

/** A host, of whichever protocol. */
export interface Parting {
  farewell(): void
  on(listener: (event: { readonly kind: string }) => void): unknown
}

const open = new Set<Parting>()

/** Has a host say goodbye when the process ends, until it is closed; one listener does for all. */
export function sayFarewellAtExit(host: Parting): void {
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
