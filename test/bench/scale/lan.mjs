// Owns the simulated LAN: its nodes, when each starts, and who knows how many of them.
// Does not own what is measured on it (measurement.mjs).
import { createRegistry, Host, Network, SimTransport, seededRandom, VirtualClock } from './internals.mjs'
import { GROUP } from './size.mjs'

/** All nodes start within this, in milliseconds. */
export const START = 1000
/** Milliseconds. Always the same, since no switch or access point lets datagrams of one host overtake each other. */
const LATENCY = 0.3

export class Lan {
  clock = new VirtualClock()
  /** By watcher, how many nodes it knows. */
  known
  /** By watcher, when it first knew all, in milliseconds. */
  completeAt
  /** How often a watcher was told that a node is gone, while none ever went. */
  lost = 0
  #options
  #network
  #random
  #complete = 0
  #registries = []

  /** `watchers`: so many of the nodes watch, the first ones; `one`: their own service only; `meter`: what they take. */
  constructor({ nodes, watchers = nodes, one = false, families = [4], seed = 1, meter }) {
    this.#options = { nodes, watchers, one, families, seed, meter }
    this.#random = seededRandom(seed, -2)
    const random = seededRandom(seed, -1)
    this.#network = new Network({ clock: this.clock, random, name: 'lan', conditions: { latency: LATENCY } })
    this.known = new Uint32Array(watchers)
    this.completeAt = new Float64Array(watchers).fill(Number.NaN)
    for (let index = 0; index < nodes; index++) {
      this.clock.at(this.#random() * START, () => meter.inside(() => this.#start(index)))
    }
  }

  get isComplete() {
    return this.#complete === this.#options.watchers
  }

  tap(see) {
    this.#network.tap(see)
  }

  /** Lets virtual time pass up to `until`, or until `isDone`; promises have their turn every `turn` milliseconds. */
  async run(until, { isDone = () => false, turn = 1, progress = () => {} } = {}) {
    while (this.clock.now() < until && !isDone()) {
      this.clock.runTo(Math.min(until, this.clock.now() + turn))
      await new Promise(setImmediate)
      progress(this.clock.now())
    }
  }

  #start(index) {
    const { families, seed, meter, watchers, one } = this.#options
    const name = `host-${index}`
    const transport = new SimTransport({ clock: this.clock, name })
    transport.connect(this.#network, { addresses: this.#network.freshAddresses(families) })
    const host = new Host({
      clock: meter.clock(this.clock),
      random: seededRandom(seed, index),
      transport: meter.transport(transport),
      hostName: name,
    })
    const registry = createRegistry({ backend: 'mdns', host, random: seededRandom(seed, 1_000_000 + index) })
    this.#registries.push(registry)
    const service = serviceOf(index, one ? GROUP : 1)
    void registry.register(service)
    if (index < watchers) void this.#watch(index, registry.watch(one ? { service: service.name } : {}))
  }

  async #watch(index, watcher) {
    for await (const { action } of watcher) {
      if (action === 'create') this.#learned(index)
      if (action === 'delete') {
        this.known[index] -= 1
        this.lost += 1
      }
    }
  }

  #learned(index) {
    this.known[index] += 1
    if (this.known[index] !== this.#wanted(index) || !Number.isNaN(this.completeAt[index])) return
    this.completeAt[index] = this.clock.now()
    this.#complete += 1
  }

  #wanted(index) {
    const { nodes, one } = this.#options
    return one ? Math.min(GROUP, nodes - GROUP * Math.floor(index / GROUP)) : nodes
  }
}

function serviceOf(index, group) {
  const name = `service-${Math.floor(index / group)}`
  const node = { id: `${name}-node-${index}`, address: ':8080', metadata: { protocol: 'http' } }
  return { name, version: '1.0.0', nodes: [node] }
}
