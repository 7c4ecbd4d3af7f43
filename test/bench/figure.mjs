// Owns how a figure comes about: medians of interleaved runs, ours and each peer's.
// Does not own what is measured (sections/) nor how it is shown (report.mjs).
// A Figure: { title, unit, ours: number, peers: { [peer]: number | string }, limit?: number, note?: string }.

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Calls every contestant once a run, each run beginning with another one, so that what else the machine does falls on
 * all. A contestant is a function that returns a number or the promise of one, or a string that says why there is none.
 * Resolves with `{ ours, peers }` of a Figure; a peer that throws has its message instead of a number.
 */
export async function compare(contestants, runs) {
  const names = Object.keys(contestants)
  const results = Object.fromEntries(names.map((name) => [name, []]))
  for (let run = 0; run < runs; run++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(run + turn) % names.length]
      const contestant = contestants[name]
      if (typeof contestant === 'function') await measure(name, contestant, results, contestants)
    }
  }
  const outcome = (name) => (typeof contestants[name] === 'string' ? contestants[name] : median(results[name]))
  const peers = names.filter((name) => name !== 'ours').map((name) => [name, outcome(name)])
  return { ours: outcome('ours'), peers: Object.fromEntries(peers) }
}

async function measure(name, contestant, results, contestants) {
  try {
    results[name].push(await contestant())
  } catch (error) {
    if (name === 'ours') throw error
    contestants[name] = `fails: ${error.message}`
  }
}

/** Microseconds of one call, over as many calls as fill the milliseconds. */
export function callTime(call, milliseconds = 60) {
  const start = process.hrtime.bigint()
  const end = start + BigInt(Math.round(milliseconds * 1e6))
  let calls = 0
  let now = start
  while (now < end) {
    for (let turn = 0; turn < 16; turn++) call()
    calls += 16
    now = process.hrtime.bigint()
  }
  return Number(now - start) / 1e3 / calls
}

/** A module of a peer, or undefined where it is not installed. */
export async function peerModule(specifier) {
  try {
    return await import(specifier)
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

export const NOT_INSTALLED = 'not installed'
