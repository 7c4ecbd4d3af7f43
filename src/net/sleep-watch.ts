// Owns how one notices afterwards that the machine slept, or that the whole process stood still.
// Does not own what follows from it; the engine asks and probes again (mdns/engine.ts).
import type { Instant } from '../mdns/types.ts'

/** Milliseconds that the wall clock may gain on the monotonic one, which stands still in sleep on some systems. */
const GAIN = 5_000
/** And on others it does not; then two looks are far apart. A process that was merely busy is back sooner. */
const GAP = 30_000

export class SleepWatch {
  #monotonic: Instant | undefined
  #wall = 0

  /** To be asked every second or two, with milliseconds of both clocks. A wall clock that is set back tells nothing. */
  hasSlept(monotonic: Instant, wall: number): boolean {
    const gap = monotonic - (this.#monotonic ?? monotonic)
    const gain = this.#monotonic === undefined ? 0 : wall - this.#wall - gap
    this.#monotonic = monotonic
    this.#wall = wall
    return gain > GAIN || gap > GAP
  }
}
