// Owns what it costs to know records: time for each by how many there are, memory for a service, and armed timers.
// Does not own the measurements themselves (cache/).
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { dnssdCurve, OPERATIONS, ourCurve } from '../cache/curve.mjs'
import { compare, median, NOT_INSTALLED, peerModule } from '../figure.mjs'

export const title = 'Cache: what it costs to know'

const SIZES = [1_000, 10_000, 100_000]
const SERVICES = 5_000
/** It takes minutes for as many as the others. */
const FEWER = { dnssd: 1_000 }
/** Kilobytes of heap for a resolved service with its five records. */
const HEAP_LIMIT = 2.5
/** How many times as much a record may take among a hundred times as many, to be called flat. */
const FLAT = 2
const HOLDERS = ['bonjour-service', 'multicast-dns', 'dnssd']
const CURVE_NOTE = 'always 100,000 records in all, in as many caches as that takes; dnssd measured once'
const HOLDER_NOTE = 'multicast-dns keeps nothing itself, a map was filled; dnssd with 1,000'
const HEAP = fileURLToPath(new URL('../cache/heap.mjs', import.meta.url))

/** Every run measures every size, by operation: `[size][operation]`, in microseconds a record. */
async function curves(curve, sizes, runs) {
  const results = sizes.map(() => Object.fromEntries(OPERATIONS.map((operation) => [operation, []])))
  curve(SIZES[0])
  for (let run = 0; run < runs; run++) {
    for (const [index, size] of sizes.entries()) {
      const times = curve(size)
      for (const operation of OPERATIONS) results[index][operation].push(times[operation])
    }
  }
  return results.map((of) => Object.fromEntries(OPERATIONS.map((operation) => [operation, median(of[operation])])))
}

async function* curveFigures({ runs, log }) {
  log('time for a record')
  const ours = await curves(ourCurve, SIZES, runs)
  log('time for a record, dnssd')
  const isThere = (await peerModule('dnssd/lib/Packet.js')) !== undefined
  const theirs = isThere ? await curves(dnssdCurve, SIZES, 1) : undefined
  for (const operation of OPERATIONS) {
    const dnssd = (index) => (theirs ? theirs[index][operation] : NOT_INSTALLED)
    for (const [index, size] of SIZES.entries()) {
      const peers = { dnssd: operation === 'expired' ? 'has timers for each record' : dnssd(index) }
      const figure = { title: `${operation}, ${size} records`, unit: 'µs', ours: ours[index][operation], peers }
      yield index === 0 ? { ...figure, note: CURVE_NOTE } : { ...figure, limit: ours[0][operation] * FLAT }
    }
  }
}

/** What a process of its own says of a holder. */
async function held(holder) {
  const services = String(FEWER[holder] ?? SERVICES)
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', HEAP, holder, services])
  const result = JSON.parse(stdout)
  if (result.error) throw new Error(result.error)
  return result
}

async function* heapFigures({ quick, runs, log }) {
  const seen = new Map()
  const measured = (holder) => async () => {
    log(`memory, ${holder}`)
    const result = await held(holder)
    seen.set(holder, result)
    return result.heap
  }
  // A heap after a collection is the same every time.
  const turns = quick ? 1 : Math.min(runs, 3)
  const contestants = Object.fromEntries(['ours', ...HOLDERS].map((holder) => [holder, measured(holder)]))
  const heap = await compare(contestants, turns)
  const parts = {}
  for (const part of ['recordsAlone', 'cacheAlone']) parts[part] = (await compare({ ours: measured(part) }, turns)).ours
  const buffers = [...seen].map(([holder, result]) => `${holder} ${result.buffers.toFixed(2)}`)
  yield {
    title: `heap of a resolved service, ${SERVICES} known`,
    unit: 'kB',
    ...heap,
    limit: HEAP_LIMIT,
    note: `in buffers beside the heap (kB): ${buffers.join(', ')}; ${HOLDER_NOTE}`,
  }
  const share = (name, ours) => ({ title: `of this, ${name}`, unit: 'kB', ours, peers: {} })
  yield share('the records', parts.recordsAlone)
  yield share('what the cache adds', parts.cacheAlone - parts.recordsAlone)
  yield share('questions, resolvers and the browser', heap.ours - parts.cacheAlone)
  const timers = (holder) => seen.get(holder)?.timers ?? heap.peers[holder]
  yield {
    title: `armed timers, ${SERVICES} services known`,
    unit: '',
    ours: timers('ours'),
    peers: Object.fromEntries(HOLDERS.map((holder) => [holder, timers(holder)])),
    limit: 1,
    note: 'dnssd with 1,000',
  }
}

export async function* figures(options) {
  yield* curveFigures(options)
  yield* heapFigures(options)
}
