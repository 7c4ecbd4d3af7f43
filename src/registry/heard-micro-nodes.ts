// Owns the step from what a go-micro host hears to a table of nodes.
// Does not own the host (micro/micro-host.ts), nor for how long the table is of use (standing-view.ts).
import type { Cancel } from '../host/ports.ts'
import type { MicroHost, MicroHostEvent } from '../micro/micro-host.ts'
import type { MicroNode } from '../micro/types.ts'
import { microService } from './micro-node.ts'
import type { NodeTable } from './node-table.ts'
import type { Listening } from './wire.ts'

export class HeardMicroNodes implements Listening {
  /** A node is told whole or not at all. */
  readonly pending = false
  readonly #host: MicroHost
  readonly #service: string | undefined
  readonly #table: NodeTable
  readonly #cancels: readonly Cancel[]

  constructor(host: MicroHost, service: string | undefined, table: NodeTable) {
    this.#host = host
    this.#service = service
    this.#table = table
    this.#cancels = [host.on((event) => this.#on(event)), host.ask(service)]
    for (const node of host.nodes(service)) this.#heard(node)
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel()
  }

  #on(event: MicroHostEvent): void {
    if (event.kind !== 'heard' && event.kind !== 'gone') return
    const { node } = event
    if (this.#service !== undefined && node.service !== this.#service) return
    if (event.kind === 'heard') this.#heard(node)
    else this.#table.remove(node.id, event.reason, node.service)
  }

  #heard(node: MicroNode): void {
    const service = microService(node, this.#host.links)
    if (service) this.#table.put(service)
    else this.#table.remove(node.id, 'goodbye', node.service)
  }
}
