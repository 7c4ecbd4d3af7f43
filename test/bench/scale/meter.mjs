// Owns how much time the nodes take for themselves, as against the simulation that carries their datagrams.
// Does not own what they do with it.
import { performance } from 'node:perf_hooks'

export class Meter {
  /** Milliseconds of the wall clock within the nodes. */
  ms = 0
  /** Datagrams that nodes were given. */
  deliveries = 0

  /** Runs what belongs to a node. */
  inside(run) {
    const before = performance.now()
    run()
    this.ms += performance.now() - before
  }

  /** Runs what a node calls and is not of it. */
  outside(run) {
    const before = performance.now()
    run()
    this.ms -= performance.now() - before
  }

  /** A clock whose timers run inside. */
  clock(clock) {
    return {
      now: () => clock.now(),
      at: (when, run) => clock.at(when, () => this.inside(run)),
    }
  }

  /** A transport that hands over inside and sends outside. */
  transport(transport) {
    return {
      open: (on) => transport.open({ ...bound(on), received: (datagram) => this.#received(on, datagram) }),
      send: (send) => this.outside(() => transport.send(send)),
      close: () => transport.close(),
    }
  }

  #received(on, datagram) {
    this.deliveries += 1
    const before = performance.now()
    on.received(datagram)
    this.ms += performance.now() - before
  }
}

function bound(on) {
  return {
    links: (links) => on.links(links),
    woken: () => on.woken(),
    rejoined: (link) => on.rejoined(link),
    failed: (link, error) => on.failed(link, error),
  }
}
