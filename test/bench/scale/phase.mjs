// Owns everything that is counted from one instant of a simulation to another.
// Does not own which instants those are (measurement.mjs).
import { Census } from './census.mjs'
import { Rush, WIRES, Wire } from './wire.mjs'

export class Phase {
  #census
  #rush = new Rush()
  #wires = Object.entries(WIRES).map(([name, cost]) => ({ name, wire: new Wire(cost) }))
  /** When datagrams were sent to the group, for the queue of a node. */
  #instants = []
  #meter
  #before

  constructor(meter, probedAt) {
    this.#meter = meter
    this.#census = new Census({ probedAt })
    this.#before = readings(meter)
  }

  see(transmission) {
    this.#census.see(transmission)
    this.#rush.add(transmission.at, 1)
    for (const { wire } of this.#wires) wire.see(transmission)
    if (transmission.viaGroup) this.#instants.push(transmission.at)
  }

  /** Milliseconds, bytes and counts. */
  figures() {
    const cpu = this.#cpu()
    const { packets, bytes, kinds, questions, largest } = this.#census
    const wires = Object.fromEntries(this.#wires.map(({ name, wire }) => [name, wire.figures]))
    const node = this.#queue(cpu.perPacket)
    return { packets, bytes, largest, peak: this.#rush.perSecond, cpu, wires: { ...wires, node }, kinds, questions }
  }

  /**
   * CPU time of the nodes alone: the share that the meter saw, of the wall clock, of what the process took; so it
   * matters little what else the machine does.
   */
  #cpu() {
    const now = readings(this.#meter)
    const since = (key) => now[key] - this.#before[key]
    const deliveries = since('deliveries')
    const nodes = since('wall') > 0 ? (since('cpu') * since('inside')) / since('wall') : 0
    return { process: since('cpu'), nodes, deliveries, perPacket: deliveries > 0 ? nodes / deliveries : 0 }
  }

  /** What waits at a node that needs `cost` for each datagram, and reads the next one then. */
  #queue(cost) {
    const node = new Wire(() => cost)
    for (const at of this.#instants) node.see({ at, bytes: [] })
    return node.figures
  }
}

function readings(meter) {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now(), cpu: (user + system) / 1000, inside: meter.ms, deliveries: meter.deliveries }
}
