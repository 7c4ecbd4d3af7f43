// Owns the questions for the addresses of hosts that services point to: one pair per host, however many services.
// Does not own the addresses; they are looked up in what the host has heard (resolve.ts).
import type { Host } from '../host/host.ts'
import type { Cancel } from '../host/ports.ts'
import type { Change } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { type Loss, lossIn } from './loss.ts'

/** Told of every change; with the loss if a record went. */
export type OnTarget = (loss: Loss | undefined) => void

interface Target {
  readonly watchers: Set<{ readonly onTarget: OnTarget }>
  readonly cancels: readonly Cancel[]
}

/** Bounded by those who watch. */
export class Targets {
  readonly #host: Host
  readonly #targets = new Map<string, Target>()

  constructor(host: Host) {
    this.#host = host
  }

  /** How many hosts are asked for. */
  get size(): number {
    return this.#targets.size
  }

  /** Asks for both address types until the last watcher of this host has cancelled. */
  watch(name: Name, onTarget: OnTarget): Cancel {
    const key = foldName(name)
    const target = this.#targets.get(key) ?? this.#ask(key, name)
    const watcher = { onTarget }
    target.watchers.add(watcher)
    return () => {
      if (!target.watchers.delete(watcher) || target.watchers.size > 0) return
      this.#targets.delete(key)
      for (const cancel of target.cancels) cancel()
    }
  }

  #ask(key: string, name: Name): Target {
    const watchers: Target['watchers'] = new Set()
    const tell = (changes: readonly Change[]) => {
      for (const { onTarget } of [...watchers]) onTarget(lossIn(changes))
    }
    const cancels = [this.#host.ask(name, 'A', tell), this.#host.ask(name, 'AAAA', tell)]
    const target = { watchers, cancels }
    this.#targets.set(key, target)
    return target
  }
}
