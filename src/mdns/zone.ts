// Owns the records that this host has claimed on one link and may answer with.
// Does not own how they were claimed (publisher.ts), nor what an answer consists of (responder.ts).
import { foldName } from '../wire/name.ts'
import type { Name, Rr } from '../wire/types.ts'
import type { Matters } from './matters.ts'
import { rrKey } from './rr.ts'

interface Owned {
  readonly rr: Rr
  /** The publications that hold the record; it goes with the last of them. */
  readonly holders: Set<string>
}

export class Zone {
  readonly #names = new Map<string, Map<string, Owned>>()
  readonly #publications = new Map<string, readonly Rr[]>()
  readonly #unique: Matters
  readonly #shared: Matters

  /** Told which names have unique records here, and which have shared ones. */
  constructor(unique: Matters, shared: Matters) {
    this.#unique = unique
    this.#shared = shared
  }

  /** Replaces what the publication holds; returns what it held. */
  set(id: string, records: readonly Rr[]): readonly Rr[] {
    const released = this.delete(id)
    this.#publications.set(id, records)
    for (const rr of records) this.#hold(id, rr)
    return released
  }

  delete(id: string): readonly Rr[] {
    const released = this.#publications.get(id) ?? []
    for (const rr of released) this.#release(id, rr)
    this.#publications.delete(id)
    return released
  }

  has(name: Name): boolean {
    return this.#names.has(foldName(name))
  }

  /** All records of a name; empty if it is not ours. */
  records(name: Name): readonly Rr[] {
    const owned = this.#names.get(foldName(name))
    return owned === undefined ? [] : [...owned.values()].map((each) => each.rr)
  }

  /** Our own copy of a record. */
  find(rr: Rr): Rr | undefined {
    return this.#names.get(foldName(rr.name))?.get(rrKey(rr))?.rr
  }

  #hold(id: string, rr: Rr): void {
    const name = foldName(rr.name)
    let owned = this.#names.get(name)
    if (owned === undefined) {
      owned = new Map()
      this.#names.set(name, owned)
    }
    const key = rrKey(rr)
    const held = owned.get(key)
    if (held !== undefined) {
      held.holders.add(id)
      return
    }
    owned.set(key, { rr, holders: new Set([id]) })
    this.#mattersFor(rr).add(rr.name)
  }

  #release(id: string, rr: Rr): void {
    const name = foldName(rr.name)
    const owned = this.#names.get(name)
    const key = rrKey(rr)
    const held = owned?.get(key)
    if (owned === undefined || held === undefined) return
    held.holders.delete(id)
    if (held.holders.size > 0) return
    owned.delete(key)
    this.#mattersFor(held.rr).delete(held.rr.name)
    if (owned.size === 0) this.#names.delete(name)
  }

  #mattersFor({ flush }: Rr): Matters {
    return flush ? this.#unique : this.#shared
  }
}
