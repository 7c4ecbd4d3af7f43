// Owns who is told about which changes: one entry per standing question of the program.
// Does not own the questions themselves (the engine asks them) nor the order of dispatch (host.ts).
import { DENIABLE, setKey } from '../mdns/rr.ts'
import type { Change } from '../mdns/types.ts'
import type { Name, Rr, RrType } from '../wire/types.ts'
import type { Cancel } from './ports.ts'

export type OnChange = (changes: readonly Change[]) => void

/** Finds the subscribers of a change by name and type, so that a change costs the same however many others wait. */
export class Subscriptions {
  readonly #subscribers = new Map<string, Set<{ readonly onChange: OnChange }>>()

  add(name: Name, type: RrType, onChange: OnChange): Cancel {
    const key = setKey(name, type)
    const subscriber = { onChange }
    const subscribers = this.#subscribers.get(key) ?? new Set()
    this.#subscribers.set(key, subscribers.add(subscriber))
    return () => {
      subscribers.delete(subscriber)
      if (subscribers.size === 0 && this.#subscribers.get(key) === subscribers) this.#subscribers.delete(key)
    }
  }

  /** Calls `run` with one delivery per subscriber concerned; one that was cancelled meanwhile is passed over. */
  dispatch(changes: readonly Change[], run: (deliver: () => void) => void): void {
    for (const [key, concerned] of this.#byKey(changes)) {
      const subscribers = this.#subscribers.get(key)
      if (subscribers === undefined) continue
      for (const subscriber of [...subscribers]) {
        if (subscribers.has(subscriber)) run(() => subscriber.onChange(concerned))
      }
    }
  }

  #byKey(changes: readonly Change[]): Map<string, Change[]> {
    const groups = new Map<string, Change[]>()
    for (const change of changes) {
      for (const key of keysOf(change.rr)) {
        if (!this.#subscribers.has(key)) continue
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [change])
        else group.push(change)
      }
    }
    return groups
  }
}

/** A denial concerns all who ask for something of its name. */
function keysOf({ name, type }: Rr): readonly string[] {
  return (type === 'NSEC' ? DENIABLE : [type]).map((each) => setKey(name, each))
}
