// Owns one standing question of the registry and the table that its answers fill, for as long as somebody needs it.
// Does not own which questions stand (views.ts), nor how nodes are heard (wire.ts).
import type { Cancel, Clock } from '../host/ports.ts'
import type { Instant } from '../mdns/types.ts'
import type { View } from './medium.ts'
import type { NodeTable } from './node-table.ts'
import type { Listening } from './wire.ts'

/** How long a question stands after its last use, in milliseconds, so that the next one is answered at once. */
const IDLE = 300_000

export interface StandingViewOptions {
  readonly clock: Clock
  readonly table: NodeTable
  readonly quiet: number
  readonly listening: Listening
  /** Nobody has used it for a while, and it has stopped. */
  readonly onIdle: () => void
}

export class StandingView implements View {
  settled = false
  readonly #options: StandingViewOptions
  #users = 0
  #isOver = false
  #cancelIdle: Cancel = () => {}

  constructor(options: StandingViewOptions) {
    this.#options = options
  }

  get table(): NodeTable {
    return this.#options.table
  }

  get quiet(): number {
    return this.#options.quiet
  }

  get pending(): boolean {
    return this.#options.listening.pending
  }

  get askedAt(): Instant | undefined {
    return this.#options.listening.askedAt
  }

  get idle(): boolean {
    return this.#users === 0
  }

  acquire(): this {
    this.#users += 1
    this.#cancelIdle()
    return this
  }

  /** Who is told of the end by the end of the view itself releases it only later. */
  release(): void {
    this.#users -= 1
    if (this.#users > 0 || this.#isOver) return
    const { clock } = this.#options
    this.#cancelIdle = clock.at(clock.now() + IDLE, () => this.stop())
  }

  stop(): void {
    this.#isOver = true
    this.#cancelIdle()
    this.#options.listening.stop()
    this.#options.onIdle()
  }
}
