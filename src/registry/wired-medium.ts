// Owns a medium over one wire format, or over several at a time: a node is said on each, and heard once.
// Does not own the wire formats (dnssd-wire.ts, micro-wire.ts).
import type { HoldReason } from '../host/holds.ts'
import type { Cancel, Clock } from '../host/ports.ts'
import { JointAnnouncement } from './joint-announcement.ts'
import type { Announcement, AnnounceOptions, Medium, View } from './medium.ts'
import { MergedNodes } from './merged-nodes.ts'
import { byId, byServiceAndId } from './node-table.ts'
import type { Node, Service } from './types.ts'
import { Views } from './views.ts'
import type { Wire } from './wire.ts'

export class WiredMedium implements Medium {
  readonly clock: Clock
  readonly #first: Wire
  readonly #wires: readonly Wire[]
  readonly #views: Views

  constructor(first: Wire, ...others: readonly Wire[]) {
    this.#first = first
    this.#wires = [first, ...others]
    this.clock = first.clock
    const quiets = this.#wires.map(({ quiet }) => quiet)
    this.#views = new Views({
      clock: this.clock,
      quiet: { one: Math.max(...quiets.map(({ one }) => one)), all: Math.max(...quiets.map(({ all }) => all)) },
      key: this.#wires.some(({ key }) => key === byServiceAndId) ? byServiceAndId : byId,
      listen: (service, table) =>
        others.length === 0 ? first.listen(service, table) : new MergedNodes(this.#wires, service, table),
    })
  }

  check(service: Service): void {
    for (const wire of this.#wires) wire.check?.(service)
  }

  announce(service: Service, options: AnnounceOptions): Announcement {
    if (this.#wires.length === 1) return this.#first.announce(service, options)
    return new JointAnnouncement(this.#wires, service, options)
  }

  view(service: string | undefined): View {
    return this.#views.acquire(service)
  }

  verify(node: Node): void {
    for (const wire of this.#wires) wire.verify(node)
  }

  hold(reason: HoldReason): Cancel {
    const cancels = this.#wires.map((wire) => wire.hold(reason))
    return () => {
      for (const cancel of cancels) cancel()
    }
  }

  async close(): Promise<void> {
    this.#views.close()
    await Promise.all(this.#wires.map((wire) => wire.close()))
  }
}
