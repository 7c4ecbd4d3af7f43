// Owns what is remembered of the nodes of a service: the last pick of each, and the last failure.
// Does not own what follows from it (strategies.ts).
import type { Instant } from '../mdns/types.ts'

/** Nodes of one service that are remembered, of either kind; beyond this the oldest is forgotten. */
export const MAX_REMEMBERED = 1_024

export class History {
  /** The oldest first, both. */
  readonly #picks = new Map<string, number>()
  readonly #failures = new Map<string, Instant>()
  #count = 0

  get size(): number {
    return this.#picks.size + this.#failures.size
  }

  /** 0 if it was not picked, or so long ago that it is forgotten. */
  lastPicked(id: string): number {
    return this.#picks.get(id) ?? 0
  }

  lastFailed(id: string): Instant | undefined {
    return this.#failures.get(id)
  }

  pick(id: string): void {
    this.#count += 1
    remember(this.#picks, id, this.#count)
  }

  fail(id: string, now: Instant): void {
    remember(this.#failures, id, now)
  }

  /** It works again. */
  clear(id: string): void {
    this.#failures.delete(id)
  }

  /** What failed no later than `until` counts no more. */
  forgive(until: Instant): void {
    for (const [id, failed] of this.#failures) {
      if (failed > until) return
      this.#failures.delete(id)
    }
  }

  reset(): void {
    this.#picks.clear()
    this.#failures.clear()
  }
}

function remember(memory: Map<string, number>, id: string, value: number): void {
  memory.delete(id)
  memory.set(id, value)
  if (memory.size <= MAX_REMEMBERED) return
  const [oldest] = memory.keys()
  if (oldest !== undefined) memory.delete(oldest)
}
