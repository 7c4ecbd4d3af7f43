// Owns what a host counts about one link, and whether the link can be trusted to carry what is sent.
// Does not own the sends (host.ts) nor what the engine makes of a failure (`unsent`).
import type { Instant } from '../mdns/types.ts'

export type LinkState = 'up' | 'degraded' | 'failed'

export interface LinkStats {
  readonly id: string
  readonly state: LinkState
  readonly sent: number
  readonly received: number
  /** Sends and sockets that failed. */
  readonly failures: number
  /** The last failure, also after the link has recovered. */
  readonly lastError?: Error
  /**
   * Bytes of datagrams that can wait to be read, as the operating system granted them: Linux has 425,984 unless
   * `net.core.rmem_max` allows more. Absent where the transport has no such buffer.
   */
  readonly receiveBuffer?: number
}

/** So many failures in a row, and a link is no longer `degraded` but `failed`. */
const FAILED_AFTER = 3
/** A transport tells of failures only, and later: a send that has not failed for so long has worked. */
const PROVEN_AFTER = 1000

/** `up` until something fails; `up` again once a send after the last failure has gone a second without one. */
export class LinkHealth {
  readonly #id: string
  #sent = 0
  #received = 0
  #failures = 0
  #lastError: Error | undefined
  #inARow = 0
  #firstSendSince: Instant | undefined

  constructor(id: string) {
    this.#id = id
  }

  sent(now: Instant): void {
    this.#sent += 1
    this.#firstSendSince ??= now
  }

  received(): void {
    this.#received += 1
  }

  /** Whether it was well before. */
  failed(error: Error, now: Instant): boolean {
    const isNews = this.#state(now) === 'up'
    if (isNews) this.#inARow = 0
    this.#inARow += 1
    this.#failures += 1
    this.#lastError = error
    this.#firstSendSince = undefined
    return isNews
  }

  stats(now: Instant, receiveBuffer: number | undefined): LinkStats {
    return {
      id: this.#id,
      state: this.#state(now),
      sent: this.#sent,
      received: this.#received,
      failures: this.#failures,
      ...(this.#lastError && { lastError: this.#lastError }),
      ...(receiveBuffer !== undefined && { receiveBuffer }),
    }
  }

  #state(now: Instant): LinkState {
    const proven = this.#firstSendSince !== undefined && now - this.#firstSendSince >= PROVEN_AFTER
    if (this.#inARow === 0 || proven) return 'up'
    return this.#inARow < FAILED_AFTER ? 'degraded' : 'failed'
  }
}
