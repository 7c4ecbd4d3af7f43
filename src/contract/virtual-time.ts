// Owns a link of the contract on a virtual clock, such as that of a simulated LAN.
// Does not own the clock; a `World` of mdns-registry/sim has one.
import type { Clock } from '../host/ports.ts'
import type { ContractLink } from './link.ts'

/** Long enough for whatever travels on a simulated LAN. */
const LAG = 3_000

/** The part of a `World` that keeps time. */
export interface VirtualWorld {
  readonly now: number
  readonly clock: Clock
  /** Lets time pass until the promise is settled; rejects if it is not after `limit` milliseconds. */
  until<T>(promise: Promise<T>, limit?: number): Promise<T>
}

export interface VirtualTimeOptions extends Pick<ContractLink, 'registry' | 'lacks' | 'close'> {
  readonly world: VirtualWorld
  /** Default 3,000. */
  readonly lag?: number
}

/** Waits cost nothing, and every duration has to be exact. */
export function virtualTime({ world, lag = LAG, ...link }: VirtualTimeOptions): ContractLink {
  const { clock } = world
  return {
    ...link,
    lag,
    slack: 0,
    now: () => world.now,
    run: (ms) => world.until(new Promise((resolve) => clock.at(clock.now() + ms, () => resolve(undefined))), ms + 1),
    until: (promise) => world.until(promise),
  }
}
