// Owns real time: the monotonic clock and timers that never fire early.
// Does not own what is waited for; the engine computes every instant.
import type { Cancel, Clock } from '../host/ports.ts'

/** The longest delay that setTimeout takes; it fires at once when given more. */
const LONGEST_DELAY = 2 ** 31 - 1

/** Milliseconds since the process began. Stands still while the machine sleeps, and never jumps with the wall clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  at: (when, run) => arm(when, run),
}

/** A timer counts whole milliseconds from the start of its loop turn and may be early: it is set again until `when`. */
function arm(when: number, run: () => void): Cancel {
  let timer: NodeJS.Timeout
  const set = () => {
    const delay = Math.min(Math.max(Math.ceil(when - performance.now()), 0), LONGEST_DELAY)
    // The reasons for the process to stay alive are counted elsewhere; a timer that waits is none.
    timer = setTimeout(fire, delay).unref()
  }
  const fire = () => (performance.now() < when ? set() : run())
  set()
  return () => clearTimeout(timer)
}
