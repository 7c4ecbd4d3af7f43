// Owns real time for registries without sockets: what somebody waits for keeps the process alive.
// Does not own the time of a network host, whose sockets do that (net/clock.ts).
import type { Clock } from './host/ports.ts'

export const waitingClock: Clock = {
  now: () => performance.now(),
  at: (when, run) => {
    const timer = setTimeout(run, Math.max(0, Math.ceil(when - performance.now())))
    return () => clearTimeout(timer)
  },
}
