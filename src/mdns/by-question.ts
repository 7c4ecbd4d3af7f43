// Owns where things are found by the name and the type of record that they are about, with no key of its own for each.
// Does not own the things.
import { foldName } from '../wire/name.ts'
import type { Name, RrType } from '../wire/types.ts'

/** Something about the records of one name and type. */
export class About<T> {
  readonly name: Name
  readonly type: RrType
  /** The next one of the same name. For the index alone to write. */
  sibling: T | undefined = undefined

  constructor(name: Name, type: RrType) {
    this.name = name
    this.type = type
  }
}

/** Few types are asked of a name, so that those of one name hang together and are searched from end to end. */
export class ByQuestion<T extends About<T>> {
  readonly #firsts = new Map<string, T>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(name: Name, type: RrType): T | undefined {
    let each = this.#firsts.get(foldName(name))
    while (each !== undefined && each.type !== type) each = each.sibling
    return each
  }

  /** All of one name. */
  named(name: Name): Generator<T> {
    return chain(this.#firsts.get(foldName(name)))
  }

  /** There must be none yet of its name and type. */
  add(item: T): void {
    const key = foldName(item.name)
    const first = this.#firsts.get(key)
    this.#size++
    item.sibling = undefined
    if (first === undefined) {
      this.#firsts.set(key, item)
      return
    }
    let last = first
    while (last.sibling !== undefined) last = last.sibling
    last.sibling = item
  }

  /** False if it was not there. */
  delete(item: T): boolean {
    const key = foldName(item.name)
    let before: T | undefined
    let each = this.#firsts.get(key)
    while (each !== undefined && each !== item) {
      before = each
      each = each.sibling
    }
    if (each === undefined) return false
    this.#size--
    if (before !== undefined) before.sibling = item.sibling
    else if (item.sibling !== undefined) this.#firsts.set(key, item.sibling)
    else this.#firsts.delete(key)
    return true
  }

  *[Symbol.iterator](): Generator<T> {
    for (const first of this.#firsts.values()) yield* chain(first)
  }
}

/** What is deleted while it is visited still leads on. */
function* chain<T extends About<T>>(first: T | undefined): Generator<T> {
  for (let each = first; each !== undefined; each = each.sibling) yield each
}
