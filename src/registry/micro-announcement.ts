// Owns one node of ours as it is said in go-micro's way, from its claim to its last goodbye.
// Does not own the messages (micro/micro-publisher.ts) nor which announcements there are (micro-wire.ts).
import { isDeepStrictEqual } from 'node:util'
import { RegistryError } from '../errors.ts'
import type { Cancel } from '../host/ports.ts'
import type { MicroHost } from '../micro/micro-host.ts'
import type { MicroPublication } from '../micro/types.ts'
import { type Deferred, deferred } from './deferred.ts'
import type { Announcement } from './medium.ts'
import { microOfferOf } from './micro-offer.ts'
import type { Service } from './types.ts'

export interface MicroAnnouncementOptions {
  readonly host: MicroHost
  readonly offer: MicroPublication
  /** Seconds, as it was given. */
  readonly ttl: number | undefined
  readonly onEnd: () => void
}

export class MicroAnnouncement implements Announcement {
  readonly #options: MicroAnnouncementOptions
  readonly #letGo: Cancel
  readonly #gone = deferred()
  #offer: MicroPublication
  #announced: Deferred
  #isOver = false

  constructor(options: MicroAnnouncementOptions) {
    this.#options = options
    this.#offer = options.offer
    this.#announced = deferred()
    this.#letGo = options.host.hold('standing')
    options.host.publish(options.offer)
  }

  get ready(): Promise<void> {
    return this.#announced.promise
  }

  /** Under another id or service it is another node. */
  update(service: Service): boolean {
    const offer = microOfferOf(service, this.#offer.key, this.#options.ttl)
    if (offer.id !== this.#offer.id || offer.service !== this.#offer.service) return false
    if (this.#isOver || isDeepStrictEqual(offer, this.#offer)) return true
    this.#offer = offer
    this.#announced.resolve()
    this.#announced = deferred()
    this.#options.host.publish(offer)
    return true
  }

  withdraw(): Promise<void> {
    if (!this.#isOver) this.#options.host.withdraw(this.#offer.key)
    return this.#gone.promise
  }

  published(): void {
    this.#announced.resolve()
  }

  /** Somebody else has the node. */
  lost(): void {
    this.#announced.reject(
      new RegistryError('ERR_NAME_CONFLICT', `The node id '${this.#offer.id}' is taken; choose another one`),
    )
    this.withdrawn()
  }

  /** Nothing more is said. */
  withdrawn(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#letGo()
    this.#gone.resolve()
    this.#options.onEnd()
  }
}
