// Owns which names matter to one side of a link, counted: as often as a name is added, it has to be deleted.
// Does not own why they do: what is asked for, known, claimed or held (cache.ts, publisher.ts, zone.ts).
import { hashOf } from '../wire/owners.ts'
import type { Name } from '../wire/types.ts'

/** Names are told apart by their hashes, and whether they are folded or not makes no difference. */
export class Matters {
  readonly #counts = new Map<number, number>()

  add(name: Name | string): void {
    const hash = hashOf(name)
    this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1)
  }

  delete(name: Name | string): void {
    const hash = hashOf(name)
    const left = (this.#counts.get(hash) ?? 0) - 1
    if (left > 0) this.#counts.set(hash, left)
    else this.#counts.delete(hash)
  }

  has(hash: number): boolean {
    return this.#counts.has(hash)
  }
}
