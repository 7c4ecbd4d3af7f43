// Owns one wire with any number of ends: a bridge in a network namespace of its own.
// Does not own the hosts at its ends (site-host.ts).
import { ipIn } from './site-host.ts'

export class Segment {
  /** The namespace in which the bridge is. */
  readonly name: string
  #ports = 0

  /** Made by `Site.segment`. */
  constructor(name: string) {
    this.name = name
    // Without snooping and forwarding delay it is a wire from the first packet on.
    ipIn(name, 'link add segment type bridge mcast_snooping 0 forward_delay 0', 'link set segment up')
  }

  /** The name of a port that nothing is plugged in to yet. */
  nextPort(): string {
    this.#ports += 1
    return `port${this.#ports}`
  }

  connect(port: string): void {
    ipIn(this.name, `link set ${port} master segment up`)
  }

  /** Pulls the plug at the far end, or puts it in again: the interface there loses its carrier. */
  set(port: string, state: 'up' | 'down'): void {
    ipIn(this.name, `link set ${port} ${state}`)
  }
}
