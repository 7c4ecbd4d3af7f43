// Owns one measurement: a LAN of one size from its start to its steady state, and the figures of it.
// Does not own the process that it runs in (trial.mjs) nor the report.
import { Census } from './census.mjs'
import { Lan } from './lan.mjs'
import { Meter } from './meter.mjs'
import { Rush, WIRES, Wire } from './wire.mjs'

/** Milliseconds of virtual time: when to give up waiting for all to know all, and when the start is over for sure. */
const LIMIT = 120_000
const SETTLED = 120_000

/** Everything that is counted from one instant to another. */
class Phase {
  census = new Census()
  rush = new Rush()
  wires = Object.fromEntries(Object.entries(WIRES).map(([name, cost]) => [name, new Wire(cost)]))
  #meter
  #before

  constructor(meter) {
    this.#meter = meter
    this.#before = readings(meter)
  }

  see(transmission) {
    this.census.see(transmission)
    this.rush.see(transmission)
    for (const wire of Object.values(this.wires)) wire.see(transmission)
  }

  /** CPU time of the nodes alone: the share that the meter saw of what the process took. */
  figures() {
    const now = readings(this.#meter)
    const wall = now.wall - this.#before.wall
    const share = (now.inside - this.#before.inside) / wall
    const cpu = now.cpu - this.#before.cpu
    const { packets, bytes, kinds, questions, largest } = this.census
    const wires = Object.entries(this.wires).map(([name, { longestWait, mostWaiting, busy }]) => [
      name,
      { longestWait, mostWaiting, busy },
    ])
    return {
      ...{ packets, bytes, kinds, questions, largest, peak: this.rush.perSecond },
      ...{ wires: Object.fromEntries(wires), deliveries: now.deliveries - this.#before.deliveries },
      ...{ wall, cpu, nodesCpu: cpu * share },
    }
  }
}

function readings(meter) {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now(), cpu: (user + system) / 1000, inside: meter.ms, deliveries: meter.deliveries }
}

export async function measure({
  nodes,
  watchers = nodes,
  seconds,
  settled = SETTLED,
  families = [4],
  seed = 1,
  log = () => {},
}) {
  const before = heap()
  const meter = new Meter()
  const lan = new Lan({ nodes, watchers, families, seed, meter })
  let phase = new Phase(meter)
  lan.tap((transmission) => phase.see(transmission))
  const progress = progressOf(lan, meter, log)
  await lan.run(LIMIT, { isDone: () => lan.isComplete, progress })
  const start = { ...phase.figures(), ...knowledge(lan) }
  phase = new Phase(meter)
  await lan.run(settled, { turn: 10, progress })
  const settling = phase.figures()
  const heapPerNode = (heap() - before) / nodes
  phase = new Phase(meter)
  await lan.run(settled + seconds * 1000, { turn: 10, progress })
  const steady = { seconds, ...phase.figures() }
  return { nodes, watchers, families, seed, start, settling, steady, heapPerNode, lost: lan.lost }
}

/** Milliseconds until a watcher knew all: the median, 95 % and all of them; undefined for who never did. */
function knowledge({ completeAt }) {
  const sorted = [...completeAt].map((at) => (Number.isNaN(at) ? Number.POSITIVE_INFINITY : at)).sort((a, b) => a - b)
  const quantile = (q) => finite(sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)])
  return { median: quantile(0.5), most: quantile(0.95), all: quantile(1) }
}

function finite(value) {
  return Number.isFinite(value) ? value : undefined
}

function heap() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function progressOf(lan, meter, log) {
  let next = performance.now() + 2000
  return (now) => {
    if (performance.now() < next) return
    next = performance.now() + 5000
    const megabytes = Math.round(process.memoryUsage().heapUsed / 1e6)
    log(`${(now / 1000).toFixed(1)} s virtual, ${meter.deliveries} deliveries, ${megabytes} MB`)
  }
}
