// Tells which functions made what stays of each service that a host with a browser knows, in bytes a service:
// node --expose-gc test/bench/cache/allocations.mjs [holder]
import { Session } from 'node:inspector/promises'
import { syntheticService } from '../synthetic-services.mjs'
import { HOLDERS } from './holders.mjs'

const BEFORE = 200
const SERVICES = 5_000
const SHOWN = 50
/** Functions that are named for each, the one that called it last. */
const DEPTH = 3

const holder = await HOLDERS[process.argv[2] ?? 'ours']()

function know(from, until) {
  for (let number = from; number < until; number++) holder.hear(syntheticService(number))
  holder.settle?.()
}

/** Adds up what a node of the profile and those that it called hold, by the functions on the way there. */
function sumUp({ callFrame, selfSize, children }, callers, sums) {
  const { functionName, url, lineNumber } = callFrame
  const path = [`${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}`, ...callers]
  const key = path.slice(0, DEPTH).join(' < ')
  sums.set(key, (sums.get(key) ?? 0) + selfSize)
  for (const child of children) sumUp(child, path, sums)
  return sums
}

know(0, BEFORE)
const session = new Session()
session.connect()
await session.post('HeapProfiler.enable')
await session.post('HeapProfiler.startSampling', { samplingInterval: 256 })
know(BEFORE, BEFORE + SERVICES)
globalThis.gc()
const { profile } = await session.post('HeapProfiler.stopSampling')
const sums = [...sumUp(profile.head, [], new Map())].sort(([, a], [, b]) => b - a)
const total = sums.reduce((sum, [, bytes]) => sum + bytes, 0)
console.log(`${(total / SERVICES).toFixed(0)} bytes a service`)
for (const [path, bytes] of sums.slice(0, SHOWN)) console.log((bytes / SERVICES).toFixed(0).padStart(6), path)
process.exit()
