// Owns one node that this registry has registered: its announcement, and its lapse when it is not renewed.
// Does not own which registrations there are, nor their order (registrations.ts).
import type { Cancel } from '../host/ports.ts'
import type { Announcement, AnnounceOptions, Medium } from './medium.ts'
import type { Service } from './types.ts'

const MS_PER_SECOND = 1_000

export class Registration {
  readonly #medium: Medium
  readonly #options: AnnounceOptions
  #service: Service
  #announcement: Announcement
  #cancelLapse: Cancel | undefined
  #lapsed = false

  /** `service` has exactly one node. */
  constructor(medium: Medium, service: Service, options: AnnounceOptions) {
    this.#medium = medium
    this.#options = options
    this.#service = service
    this.#announcement = medium.announce(service, options)
  }

  /** Whether its time ran out, and nobody renewed it since. */
  get lapsed(): boolean {
    return this.#lapsed
  }

  get service(): Service {
    return this.#service
  }

  /** Resolves once the node is announced as it is now. */
  get ready(): Promise<void> {
    return this.#announcement.ready
  }

  /** In place if possible; otherwise the node leaves and comes back. */
  async change(service: Service): Promise<void> {
    if (!this.#announcement.update(service)) {
      await this.#announcement.withdraw()
      this.#announcement = this.#medium.announce(service, this.#options)
    }
    this.#service = service
    await this.ready
  }

  /** Starts the time again after which `onLapse` is called; without ttl there is no such time. */
  renew(ttl: number | undefined, onLapse: () => void): void {
    this.hold()
    if (ttl === undefined) return
    const { clock } = this.#medium
    this.#cancelLapse = clock.at(clock.now() + ttl * MS_PER_SECOND, () => {
      this.#lapsed = true
      onLapse()
    })
  }

  /** It no longer lapses by itself. */
  hold(): void {
    this.#cancelLapse?.()
    this.#cancelLapse = undefined
    this.#lapsed = false
  }

  /** Resolves once the goodbye is said. */
  withdraw(): Promise<void> {
    const reason = this.#lapsed ? 'expired' : 'goodbye'
    this.hold()
    return this.#announcement.withdraw(reason)
  }
}
