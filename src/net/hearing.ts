// Owns whether a link still hears other hosts, and when it is time to join the group anew because it does not.
// Does not own the joining (link-socket.ts). A host that sees its own multicast come back may be deaf all the same.
import type { Instant } from '../mdns/types.ts'

/** Whoever refreshes a record of 120 seconds is heard sooner. */
const SILENCE = 120_000
/** A network may really be quiet; then each try waits twice as long as the one before it. */
const LONGEST_SILENCE = 32 * 60_000

export class Hearing {
  /** When another host was last heard, or that was last doubted; undefined until there was one. */
  #since: Instant | undefined
  #patience = SILENCE

  heard(now: Instant): void {
    this.#since = now
    this.#patience = SILENCE
  }

  /** Whether others were here and have been silent for so long that the switch, or the system, may have lost us. */
  isDoubtful(now: Instant): boolean {
    if (this.#since === undefined || now - this.#since < this.#patience) return false
    this.#since = now
    this.#patience = Math.min(2 * this.#patience, LONGEST_SILENCE)
    return true
  }
}
