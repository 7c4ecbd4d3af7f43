// Owns how long it takes many processes on one host until each knows all others, and what that costs.
// Does not own how a crowd is made (../network/crowd.mjs).
import { median } from '../figure.mjs'
import { crowd } from '../network/crowd.mjs'
import { whyNoLan } from '../network/lan.mjs'
import { contestants, REGISTRY } from '../peers/peers.mjs'

const CROWDS = [
  { count: 50, limit: 2000 },
  { count: 100, limit: 10_000 },
]
const DNSSD = { publish: 'publish', browse: 'browse' }
const REGISTERED = { publish: 'register', browse: 'watch' }

export const title = 'Many processes on one host, each with a service, that watch all'

export async function* figures({ runs, log }) {
  const why = whyNoLan()
  if (why) return log(why)
  const { field, reasons } = contest()
  for (const { count, limit } of CROWDS) {
    const results = await interleaved(field, reasons, count, runs, log)
    const figure = (what, unit, property) => ({
      title: `${count} processes: ${what}`,
      unit,
      ...medians(property, results, reasons),
    })
    yield { ...figure('each knows all, after the last start', 'ms', 'all'), limit }
    yield figure('processor time of each until then', 'ms', 'cpu')
    yield figure('datagrams sent by all until then', '', 'sent')
  }
}

/** Ours is a registry. */
function contest() {
  const { present, reasons } = contestants()
  for (const [name, { browsesNot, isDaemon }] of present) {
    const why = browsesNot ?? (isDaemon ? 'is one daemon for all' : undefined)
    if (why !== undefined) reasons.set(name, why)
  }
  const field = [...present].filter(([name]) => !reasons.has(name))
  return { field: new Map([...field, ['ours', REGISTRY]]), reasons }
}

/** Who fails once is not tried again. */
async function interleaved(field, reasons, count, runs, log) {
  const results = new Map([...field.keys()].map((name) => [name, []]))
  for (let run = 0; run < runs; run++) {
    for (const [name, peer] of field) {
      if (reasons.has(name)) continue
      log(`${count} processes, ${run + 1} of ${runs}: ${name}`)
      try {
        results.get(name).push(await crowd(peer, count, name === 'ours' ? REGISTERED : DNSSD))
      } catch (error) {
        if (name === 'ours') throw error
        reasons.set(name, `with ${count} processes: ${error.message}`)
      }
    }
  }
  return results
}

function medians(property, results, reasons) {
  const peers = Object.fromEntries(reasons)
  for (const [name, runs] of results) {
    if (!reasons.has(name)) peers[name] = median(runs.map((run) => run[property]))
  }
  const { ours, ...others } = peers
  return { ours, peers: others }
}
