// Owns which questions of the registry stand: at most one for all services, and one for each service that is of use.
// Does not own the questions themselves (standing-view.ts).
import type { Dnssd } from '../dnssd/dnssd.ts'
import type { Host } from '../host/host.ts'
import type { View } from './medium.ts'
import { StandingView } from './standing-view.ts'

/** Beyond this the longest unused question ends early: a program may ask for names that its own clients make up. */
const MAX_IDLE_VIEWS = 64

export class Views {
  readonly #dnssd: Dnssd
  readonly #host: Host
  /** By service, undefined for all of them; the most recently asked for is the last. */
  readonly #views = new Map<string | undefined, StandingView>()

  constructor(dnssd: Dnssd, host: Host) {
    this.#dnssd = dnssd
    this.#host = host
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
    const view: StandingView = new StandingView({
      dnssd: this.#dnssd,
      host: this.#host,
      service,
      onIdle: () => {
        if (this.#views.get(service) === view) this.#views.delete(service)
      },
    })
    return view
  }
}
