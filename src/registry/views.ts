// Owns which questions of the registry stand: at most one for all services, and one for each service that is of use.
// Does not own the questions themselves (standing-view.ts).
import type { Clock } from '../host/ports.ts'
import type { View } from './medium.ts'
import { byId, type NodeKey, NodeTable } from './node-table.ts'
import { StandingView } from './standing-view.ts'
import type { Listening, Wire } from './wire.ts'

/** Beyond this the longest unused question ends early: a program may ask for names that its own clients make up. */
const MAX_IDLE_VIEWS = 64

export interface ViewsOptions {
  readonly clock: Clock
  readonly quiet: Wire['quiet']
  listen(service: string | undefined, table: NodeTable): Listening
  /** Default: ids are unique. */
  readonly key?: NodeKey
}

export class Views {
  readonly #options: ViewsOptions
  /** By service, undefined for all of them; the most recently asked for is the last. */
  readonly #views = new Map<string | undefined, StandingView>()

  constructor(options: ViewsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#views.size
  }

  /** A view of all services serves for one as well, once it knows them. */
  acquire(service: string | undefined): View {
    const all = this.#views.get(undefined)
    const key = all?.settled ? undefined : service
    const view = this.#views.get(key) ?? this.#open(key)
    this.#views.delete(key)
    this.#views.set(key, view)
    return view.acquire()
  }

  close(): void {
    for (const view of [...this.#views.values()]) view.stop()
  }

  #open(service: string | undefined): StandingView {
    const idle = [...this.#views.values()].filter((view) => view.idle)
    if (idle.length >= MAX_IDLE_VIEWS) idle[0]?.stop()
    const { clock, quiet, key = byId } = this.#options
    const table = new NodeTable(key)
    const view: StandingView = new StandingView({
      clock,
      table,
      quiet: service === undefined ? quiet.all : quiet.one,
      listening: this.#options.listen(service, table),
      onIdle: () => {
        if (this.#views.get(service) === view) this.#views.delete(service)
      },
    })
    return view
  }
}
