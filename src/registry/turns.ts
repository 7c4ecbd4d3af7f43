// Owns the order of what is done to one node: each operation waits for those before it on the same node.
// Does not own what is done.

const quietly = () => {}

/** Operations on different keys run side by side; one with several keys waits for the last operation on each. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** The keys that something is running or waiting for. */
  get keys(): readonly string[] {
    return [...this.#last.keys()]
  }

  take<T>(keys: readonly string[], run: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => this.#last.get(key))
    const turn = Promise.all(before).then(run)
    const over = turn.then(quietly, quietly).then(() => {
      for (const key of keys) if (this.#last.get(key) === over) this.#last.delete(key)
    })
    for (const key of keys) this.#last.set(key, over)
    return turn
  }
}
