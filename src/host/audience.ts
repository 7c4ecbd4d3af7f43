// Owns who is told what: the subscribers of changes, the listeners of events, and what runs when all have been told.
// Does not own what there is to tell, nor when (host.ts).
import type { Event } from '../mdns/types.ts'
import type { Name, RrType } from '../wire/types.ts'
import type { Guard } from './guard.ts'
import type { HostEvent, HostListener } from './host-event.ts'
import { Listeners } from './listeners.ts'
import type { Cancel } from './ports.ts'
import { type Follower, Subscriptions } from './subscriptions.ts'

/** One of them that throws takes nothing from the others. */
export class Audience {
  readonly #subscriptions = new Subscriptions()
  readonly #listeners = new Listeners<HostEvent>()
  readonly #settling = new Set<() => void>()
  readonly #guard: Guard

  constructor(guard: Guard) {
    this.#guard = guard
  }

  on(listener: HostListener): Cancel {
    return this.#listeners.add(listener)
  }

  follow(name: Name, type: RrType, follower: Follower): void {
    this.#subscriptions.add(name, type, follower)
  }

  /** False if it did not follow them. */
  unfollow(name: Name, type: RrType, follower: Follower): boolean {
    return this.#subscriptions.delete(name, type, follower)
  }

  /** Changes go to those who asked for them, all other events to everyone who listens. */
  tell(event: Event | HostEvent): void {
    const guard = (deliver: () => void) => this.#guard.run(deliver)
    if (event.kind === 'changed') this.#subscriptions.dispatch(event.changes, guard)
    else this.#listeners.dispatch(event, guard)
  }

  /** Keeps `run` for the next `settle`, once, however often it is given. */
  afterwards(run: () => void): void {
    this.#settling.add(run)
  }

  settle(): void {
    for (const run of this.#settling) {
      this.#settling.delete(run)
      this.#guard.run(run)
    }
  }
}
