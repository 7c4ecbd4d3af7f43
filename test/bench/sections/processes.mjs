// Owns how long it takes many processes on one host until each knows all others, and what that costs: large crowds of
// ours, and small ones of every library.
// Does not own what the crowds do (test/network/crowd.mjs, ../network/crowd.mjs).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median } from '../figure.mjs'
import { crowd } from '../network/crowd.mjs'
import { whyNoLan } from '../network/lan.mjs'
import { contestants, REGISTRY } from '../peers/peers.mjs'

const CROWDS = [
  { count: 50, limit: 2000 },
  { count: 100, limit: 10_000 },
]
const SMALL = 20
const CROWD = fileURLToPath(new URL('../../network/crowd.mjs', import.meta.url))
/** More would only wait for each other: a start is some 0.15 s of work for a processor. */
const STARTING_AT_ONCE = 16
/** Milliseconds, from the first start on. */
const PATIENCE = 180_000
/** What becomes of the bench becomes of the whole crowd. */
const APART = ['--net', '--pid', '--fork', '--kill-child', 'sh', '-c', 'ip link set lo up && exec "$@"', '--']

const DNSSD = { publish: 'publish', browse: 'browse' }
const REGISTERED = { publish: 'register', browse: 'watch' }
const QUANTITIES = [
  ['each knows all, after the last start', 'ms', 'all'],
  ['processor time of each until then', 'ms', 'cpu'],
  ['datagrams sent by all until then', '', 'sent'],
]

export const title = 'Many processes on one host, each with a service, that watch all'

export async function* figures({ runs, log }) {
  const why = whyNoLan()
  if (why) return log(why)
  for (const { count, limit } of CROWDS) {
    const results = []
    for (let run = 0; run < runs; run++) {
      log(`${count} processes, ${run + 1} of ${runs}`)
      results.push(await onLoopback(count))
    }
    for (const [what, unit, property] of QUANTITIES) {
      const ours = median(results.map((result) => result[property]))
      const figure = { title: `${count} processes on loopback: ${what}`, unit, ours, peers: {} }
      yield property === 'all' ? { ...figure, limit } : figure
    }
  }
  yield* smallCrowds(runs, log)
}

async function onLoopback(count) {
  const words = [process.execPath, CROWD, `${count}`, `${STARTING_AT_ONCE}`, `${PATIENCE}`]
  const child = spawn('unshare', [...APART, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  await once(child, 'close')
  process.off('exit', end)
  const { incomplete, ...result } = JSON.parse(said)
  if (incomplete.length > 0)
    throw new Error(`${incomplete.length} of ${count} do not know all others: ${incomplete[0]}`)
  return result
}

/** On an interface with IPv4 and IPv6, as some libraries leave loopback alone. Who fails once is not tried again. */
async function* smallCrowds(runs, log) {
  const { field, reasons } = contest()
  const results = new Map([...field.keys()].map((name) => [name, []]))
  for (let run = 0; run < runs; run++) {
    for (const [name, peer] of field) {
      if (reasons.has(name)) continue
      log(`${SMALL} processes, ${run + 1} of ${runs}: ${name}`)
      try {
        results.get(name).push(await crowd(peer, SMALL, name === 'ours' ? REGISTERED : DNSSD))
      } catch (error) {
        if (name === 'ours') throw error
        reasons.set(name, error.message)
      }
    }
  }
  for (const [what, unit, property] of QUANTITIES) {
    yield { title: `${SMALL} processes: ${what}`, unit, ...medians(property, results, reasons) }
  }
}

/** Ours is a registry. */
function contest() {
  const { present, reasons } = contestants()
  for (const [name, { browsesNot, isDaemon }] of present) {
    const why = browsesNot ?? (isDaemon ? 'is one daemon for all programs' : undefined)
    if (why !== undefined) reasons.set(name, why)
  }
  const field = [...present].filter(([name]) => !reasons.has(name))
  return { field: new Map([...field, ['ours', REGISTRY]]), reasons }
}

function medians(property, results, reasons) {
  const peers = Object.fromEntries(reasons)
  for (const [name, runs] of results) {
    if (!reasons.has(name)) peers[name] = median(runs.map((run) => run[property]))
  }
  const { ours, ...others } = peers
  return { ours, peers: others }
}
