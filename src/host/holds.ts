// Owns for how many reasons the process is to stay alive on behalf of one host.
// Does not own how it is kept alive (net/udp.ts).
import type { Cancel } from './ports.ts'

/** Something that goes on until it is ended, or a call that the program waits for. */
export type HoldReason = 'standing' | 'call'

export class Holds {
  readonly #onChange: (alive: boolean) => void
  #count = 0
  #isOver = false

  /** `onChange` is told when the first reason comes and when the last one goes. */
  constructor(onChange: (alive: boolean) => void) {
    this.#onChange = onChange
  }

  /** A reason, until it is cancelled. */
  take(): Cancel {
    this.#add(1)
    let isHeld = true
    return () => {
      if (isHeld) this.#add(-1)
      isHeld = false
    }
  }

  /** From now on there is no reason, whatever is cancelled or not. */
  end(): void {
    if (this.#count > 0) this.#onChange(false)
    this.#isOver = true
  }

  #add(change: 1 | -1): void {
    const before = this.#count
    this.#count += change
    if (this.#isOver) return
    if ((before === 0) !== (this.#count === 0)) this.#onChange(before === 0)
  }
}
