// Owns listeners and events of an object that lets others listen, and tells by itself alone.
// Does not own which events there are.
import { EventEmitter } from 'eventemitter3'

/** The events by name, each with what its listeners are called with. */
type Tuples<Events> = { [E in keyof Events]: unknown[] }

export abstract class Emitter<Events extends Tuples<Events>> {
  readonly #events = new EventEmitter()

  on<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this {
    this.#events.on(event, listener)
    return this
  }

  off<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this {
    this.#events.off(event, listener)
    return this
  }

  protected emit<E extends keyof Events & string>(event: E, ...args: Events[E]): void {
    this.#events.emit(event, ...args)
  }

  /** A moment later: whoever calls `on` right away misses nothing, and what a listener throws stops nothing here. */
  protected emitSoon<E extends keyof Events & string>(event: E, ...args: Events[E]): void {
    queueMicrotask(() => this.emit(event, ...args))
  }
}
