// Owns who listens to a host, and that each event reaches those who did when it was told and still do.
// Does not own what the events are (host.ts) nor who asked for changes of which records (subscriptions.ts).
import type { Cancel } from './ports.ts'

export class Listeners<E> {
  readonly #entries = new Set<{ readonly listener: (event: E) => void }>()

  add(listener: (event: E) => void): Cancel {
    const entry = { listener }
    this.#entries.add(entry)
    return () => {
      this.#entries.delete(entry)
    }
  }

  /** Calls `run` with one delivery per listener; one that left meanwhile is passed over. */
  dispatch(event: E, run: (deliver: () => void) => void): void {
    for (const entry of [...this.#entries]) {
      if (this.#entries.has(entry)) run(() => entry.listener(event))
    }
  }
}
