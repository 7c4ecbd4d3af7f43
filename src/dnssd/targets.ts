// Owns the questions for the addresses of hosts that services point to: one pair per host, however many services.
// Does not own the addresses; they are looked up in what the host has heard (resolve.ts).
import type { Host } from '../host/host.ts'
import type { Follower } from '../host/subscriptions.ts'
import { allOf, type Few, withOne, withoutOne } from '../mdns/few.ts'
import type { Change } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { type Loss, lossIn } from './loss.ts'

export interface TargetWatcher {
  /** The addresses of the host changed; with the loss if a record went. */
  moved(loss: Loss | undefined): void
}

class Target implements Follower {
  readonly name: Name
  watchers: Few<TargetWatcher>

  constructor(name: Name) {
    this.name = name
  }

  heard(changes: readonly Change[]): void {
    for (const watcher of allOf(this.watchers)) watcher.moved(lossIn(changes))
  }
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

  /** Asks for both address types until the last watcher of this host has left. Each may watch a host once. */
  watch(name: Name, watcher: TargetWatcher): void {
    const target = this.#targets.get(foldName(name)) ?? this.#ask(name)
    target.watchers = withOne(target.watchers, watcher)
  }

  unwatch(name: Name, watcher: TargetWatcher): void {
    const key = foldName(name)
    const target = this.#targets.get(key)
    if (target === undefined) return
    target.watchers = withoutOne(target.watchers, watcher)
    if (target.watchers !== undefined) return
    this.#targets.delete(key)
    this.#host.unfollow(target.name, 'A', target)
    this.#host.unfollow(target.name, 'AAAA', target)
  }

  #ask(name: Name): Target {
    const target = new Target(name)
    this.#targets.set(foldName(name), target)
    this.#host.follow(name, 'A', target)
    this.#host.follow(name, 'AAAA', target)
    return target
  }
}
