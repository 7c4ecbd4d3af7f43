// Owns one measurement: a LAN of one size from its start to its steady state, and the figures of it.
// Does not own the process that it runs in (trial.mjs) nor the report.
import { Lan } from './lan.mjs'
import { Meter } from './meter.mjs'
import { Phase } from './phase.mjs'

/** Milliseconds of virtual time: when the start is over for sure, whether all know all or not. */
export const SETTLED = 120_000

/**
 * A size is `{ nodes, watchers, one }`, see size.mjs. `seconds`: of the steady state, from `settled` on.
 * The phases are `start`, until all know all; `settling`, from then until `settled`; and `steady`.
 */
export async function measure({ nodes, watchers, one, seconds, settled = SETTLED, families, seed, log }) {
  const before = heap()
  const meter = new Meter()
  const lan = new Lan({ nodes, watchers, one, families, seed, meter })
  const probedAt = new Map()
  let phase = new Phase(meter, probedAt)
  lan.tap((transmission) => phase.see(transmission))
  const progress = progressOf(meter, log)
  await lan.run(settled, { isDone: () => lan.isComplete, progress })
  const start = phase.figures()
  phase = new Phase(meter, probedAt)
  await lan.run(settled, { turn: 10, progress })
  const settling = phase.figures()
  const heapPerNode = (heap() - before) / nodes
  phase = new Phase(meter, probedAt)
  await lan.run(settled + seconds * 1000, { turn: 10, progress })
  const steady = { seconds, ...phase.figures() }
  const phases = { start, settling, steady }
  return { nodes, watchers, one, families, seed, knowAll: knowledge(lan), lost: lan.lost, heapPerNode, ...phases }
}

/** Milliseconds until a watcher knew all: the median, 95 % and all of them; undefined for who never did. */
export function knowledge({ completeAt }) {
  const never = Number.POSITIVE_INFINITY
  const sorted = Array.from(completeAt, (at) => (Number.isNaN(at) ? never : at)).sort((a, b) => a - b)
  const quantile = (share) => {
    const at = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
    return at === never ? undefined : at
  }
  return { median: quantile(0.5), most: quantile(0.95), all: quantile(1) }
}

function heap() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function progressOf(meter, log) {
  let next = performance.now() + 2000
  return (now) => {
    if (performance.now() < next) return
    next = performance.now() + 5000
    const megabytes = Math.round(process.memoryUsage().heapUsed / 1e6)
    log(`${(now / 1000).toFixed(1)} s of virtual time, ${meter.deliveries} deliveries, ${megabytes} MB`)
  }
}
