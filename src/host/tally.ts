// Owns the counters of one host: per link while the link is up, and in total since the start.
// Does not own the rule for the health of a link (link-health.ts).
import type { DropReason, Instant, Link } from '../mdns/types.ts'
import { LinkHealth, type LinkStats } from './link-health.ts'

export interface HostStats {
  /** Datagrams, over all links that there ever were. */
  readonly sent: number
  readonly received: number
  /** Sends and sockets that failed. */
  readonly failures: number
  /** Datagrams or records that were not used, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
  /** Errors that listeners threw. */
  readonly errors: number
  /** Milliseconds in which the event loop was stuck, so that nothing could be heard or said; they do not count. */
  readonly stalled: number
  /** The last failure on any link, also on one that could not be opened and so is not among `links`. */
  readonly lastFailure?: { readonly link: string; readonly error: Error }
  /** The links that are up now. */
  readonly links: readonly LinkStats[]
}

/** What others know and the statistics tell as well. */
export interface Surroundings {
  readonly stalled: number
  readonly receiveBuffers: ReadonlyMap<string, number> | undefined
}

export class Tally {
  readonly #links = new Map<string, LinkHealth>()
  readonly #dropped: Partial<Record<DropReason, number>> = {}
  #sent = 0
  #received = 0
  #failures = 0
  #errors = 0
  #lastFailure: { readonly link: string; readonly error: Error } | undefined

  links(links: readonly Link[]): void {
    const ids = new Set(links.map((link) => link.id))
    for (const id of this.#links.keys()) if (!ids.has(id)) this.#links.delete(id)
    for (const id of ids) if (!this.#links.has(id)) this.#links.set(id, new LinkHealth(id))
  }

  sent(link: string, now: Instant): void {
    this.#sent += 1
    this.#links.get(link)?.sent(now)
  }

  received(link: string): void {
    this.#received += 1
    this.#links.get(link)?.received()
  }

  /** Whether that is news: a link that is up fails over and over, one that is not is told of once. */
  failed(link: string, error: Error, now: Instant): boolean {
    this.#failures += 1
    this.#lastFailure = { link, error }
    return this.#links.get(link)?.failed(error, now) ?? true
  }

  dropped(reason: DropReason): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1
  }

  error(): void {
    this.#errors += 1
  }

  snapshot(now: Instant, { stalled, receiveBuffers }: Surroundings): HostStats {
    return {
      sent: this.#sent,
      received: this.#received,
      failures: this.#failures,
      dropped: { ...this.#dropped },
      errors: this.#errors,
      stalled,
      ...(this.#lastFailure && { lastFailure: this.#lastFailure }),
      links: [...this.#links].map(([id, health]) => health.stats(now, receiveBuffers?.get(id))),
    }
  }
}
