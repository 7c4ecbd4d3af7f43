// Owns what a device has said so far on one link: which names it holds, how it spells them, when it multicast what.
// Does not own any judgement of it (invariants.ts).
import type { Transmission } from '../../src/sim/network.ts'
import type { Message, Rr } from '../../src/wire/types.ts'

export class Ledger {
  readonly #spelling = new Map<string, string>()
  readonly #held = new Set<string>()
  readonly #multicast = new Map<string, { readonly rr: Rr; readonly at: number }>()

  /** How the name was spelt when it was first said. */
  spelling(name: string): string {
    return this.#spelling.get(name.toLowerCase()) ?? name
  }

  /** Whether the name has unique records that were announced and not given up since. */
  holds(name: string): boolean {
    return this.#held.has(name)
  }

  multicastAt(rr: Rr): number {
    return this.#multicast.get(keyOf(rr))?.at ?? Number.NEGATIVE_INFINITY
  }

  /** What was multicast less than so many milliseconds before. */
  multicastWithin(ms: number, now: number): readonly Rr[] {
    return [...this.#multicast.values()].filter(({ at }) => now - at < ms).map(({ rr }) => rr)
  }

  enter(message: Message, { at, viaGroup }: Transmission): void {
    const records = [...message.answers, ...message.authorities, ...message.additionals]
    for (const { name } of records) this.#spelling.set(name.toLowerCase(), this.spelling(name))
    if (!message.response) for (const { name } of message.authorities) this.#held.delete(name)
    if (!message.response || !viaGroup) return
    for (const rr of records) {
      if (rr.ttl === 0) {
        this.#multicast.delete(keyOf(rr))
        this.#held.delete(rr.name)
      } else {
        this.#multicast.set(keyOf(rr), { rr, at })
        if (rr.flush) this.#held.add(rr.name)
      }
    }
  }
}

function keyOf(rr: Rr): string {
  return JSON.stringify({ ...rr, ttl: 0, flush: false }).toLowerCase()
}
