// Owns the recognition of our own datagrams when multicast loopback, a switch or a bridge brings them back.
// Does not own what an echo may still be used for: records in it are as good as any, but it is nobody else's word.
import { ECHO_WINDOW } from './cadence.ts'
import type { Instant } from './types.ts'

interface SentDatagram {
  readonly bytes: Uint8Array
  readonly at: Instant
}

export class Echoes {
  readonly #limit: number
  #sent: SentDatagram[] = []

  /** `limit`: datagrams remembered. */
  constructor(limit: number) {
    this.#limit = limit
  }

  remember(bytes: Uint8Array, now: Instant): void {
    const oldest = this.#sent[0]
    if (this.#sent.length >= this.#limit || (oldest && now - oldest.at > 2 * ECHO_WINDOW)) {
      const recent = this.#sent.filter(({ at }) => now - at <= ECHO_WINDOW)
      this.#sent = recent.slice(Math.max(0, recent.length - this.#limit + 1))
    }
    this.#sent.push({ bytes, at: now })
  }

  has(bytes: Uint8Array, now: Instant): boolean {
    return this.#sent.some((sent) => now - sent.at <= ECHO_WINDOW && sameBytes(sent.bytes, bytes))
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
