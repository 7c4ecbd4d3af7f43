// Owns the count of what this process has open: sockets, whether they keep it alive or not, and what does.
// Does not own any expectation.

/** UDP sockets, once those that were closed in this turn of the event loop and the last are gone. */
export async function udpSockets(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return report().libuv.filter(({ type }) => type === 'udp').length
}

/** What keeps the process alive: the names of sockets and timers that do, as Node.js tells them. */
export function reasonsToLive(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap' || name === 'Timeout')
}

function report(): { readonly libuv: readonly { readonly type: string }[] } {
  if (process.report === undefined) throw new Error('this Node.js makes no reports')
  // Otherwise it looks up a name for every address.
  Object.assign(process.report, { excludeNetwork: true })
  const made: object = process.report.getReport()
  return made as ReturnType<typeof report>
}
