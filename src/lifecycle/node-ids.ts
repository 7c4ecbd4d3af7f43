// Owns the ids that were made up for nodes which came without one, so that they keep them.
// Does not own how an id is made up: the registry does (registry/service-input.ts).
import type { NodeInput, Service, ServiceInput } from '../registry/types.ts'

interface Named {
  readonly address: string
  readonly id: string
}

export class NodeIds {
  /** By position among the nodes. */
  #named: readonly (Named | undefined)[] = []

  /** A node without an id gets that of its address, else that of its position. */
  fill(service: ServiceInput): ServiceInput {
    // What is no service is refused by the registry, in words of its own.
    if (!Array.isArray(service?.nodes) || this.#named.length === 0) return service
    const inputs: readonly NodeInput[] = service.nodes
    const free = new Map(this.#named.flatMap((named) => (named ? [[named.id, named] as const] : [])))
    for (const { id } of inputs) if (id !== undefined) free.delete(id)
    const byAddress = inputs.map((node) => this.#take(free, node, ({ address }) => address === node.address))
    const nodes = inputs.map((node, index) => {
      const id = byAddress[index] ?? this.#take(free, node, (named) => named === this.#named[index])
      return id === undefined ? node : { ...node, id }
    })
    return { ...service, nodes }
  }

  /** `input` as it came, `registered` as the registry answered. */
  learn(input: ServiceInput, registered: Service): void {
    this.#named = input.nodes.map(({ id, address }, index) => {
      const made = registered.nodes[index]?.id
      return id === undefined && made !== undefined ? { id: made, address } : undefined
    })
  }

  /** They are taken by somebody else now. */
  forget(): void {
    this.#named = []
  }

  #take(free: Map<string, Named>, { id }: NodeInput, fits: (named: Named) => boolean): string | undefined {
    if (id !== undefined) return undefined
    const found = [...free.values()].find(fits)
    if (found) free.delete(found.id)
    return found?.id
  }
}
