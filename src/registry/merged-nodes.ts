// Owns one table of nodes from what several wire formats tell: a node that is heard over each of them is one.
// Does not own the tables of the wire formats, which listen for themselves.
import { NodeTable } from './node-table.ts'
import type { Result, Service } from './types.ts'
import type { Listening, Wire } from './wire.ts'

export class MergedNodes implements Listening {
  readonly #tables: readonly NodeTable[]
  readonly #listenings: readonly Listening[]
  readonly #merged: NodeTable

  constructor(wires: readonly Wire[], service: string | undefined, merged: NodeTable) {
    this.#merged = merged
    this.#tables = wires.map(({ key }) => new NodeTable(key))
    for (const table of this.#tables) table.on((result) => this.#on(result))
    this.#listenings = wires.map((wire, index) => wire.listen(service, this.#tables[index] ?? new NodeTable()))
  }

  get pending(): boolean {
    return this.#listenings.some(({ pending }) => pending)
  }

  stop(): void {
    for (const listening of this.#listenings) listening.stop()
  }

  /** The latest news holds, over whichever wire format it came; gone is what is known over none of them. */
  #on({ action, service, reason = 'goodbye' }: Result): void {
    const id = service.nodes[0]?.id ?? ''
    const latest = action === 'delete' ? this.#known(id, service.name) : service
    if (latest) this.#merged.put(latest)
    else this.#merged.remove(id, reason, service.name)
  }

  #known(id: string, name: string): Service | undefined {
    return this.#tables.map((table) => table.get(id, name)).find((entry) => entry?.name === name)
  }
}
