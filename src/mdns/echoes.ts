// Owns the recognition of our own datagrams when multicast loopback, a switch or a bridge brings them back.
// Does not own what an echo may still be used for: records in it are as good as any, but it is nobody else's word.
import { ECHO_PATIENCE, ECHO_WINDOW } from './cadence.ts'
import type { Instant } from './types.ts'

interface SentDatagram {
  readonly bytes: Uint8Array
  readonly at: Instant
}

export class Echoes {
  readonly #limit: number
  /** Oldest first. */
  #sent: SentDatagram[] = []

  /** `limit`: datagrams remembered. */
  constructor(limit: number) {
    this.#limit = limit
  }

  remember(bytes: Uint8Array, now: Instant): void {
    const oldest = this.#sent[0]
    if (this.#sent.length >= this.#limit || (oldest && now - oldest.at > 2 * ECHO_PATIENCE)) {
      const recent = this.#sent.filter(({ at }) => now - at <= ECHO_PATIENCE)
      this.#sent = recent.slice(Math.max(0, recent.length - this.#limit + 1))
    }
    this.#sent.push({ bytes, at: now })
  }

  /** Whether it was sent a moment ago, so that it is sure to be an echo. */
  has(bytes: Uint8Array, now: Instant): boolean {
    return this.#sentWithin(ECHO_WINDOW, bytes, now)
  }

  /** Whether it was sent so lately that it may be an echo which had to wait to be read. */
  mayHave(bytes: Uint8Array, now: Instant): boolean {
    return this.#sentWithin(ECHO_PATIENCE, bytes, now)
  }

  #sentWithin(window: number, bytes: Uint8Array, now: Instant): boolean {
    for (let i = this.#sent.length - 1; i >= 0; i--) {
      const sent = this.#sent[i]
      if (sent === undefined || now - sent.at > window) return false
      if (sameBytes(sent.bytes, bytes)) return true
    }
    return false
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
