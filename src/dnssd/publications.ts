// Owns which advertisement an event of the host belongs to, and which instance names this program uses itself.
// Does not own any advertisement's life (advertisement.ts).
import { RegistryError } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { Cancel } from '../host/ports.ts'
import { LIMITS } from '../mdns/limits.ts'
import type { Publication } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'

export interface Publisher {
  /** The name that it has at present. */
  fullName: Name
  published(): void
  renamed(attempt: number): void
  struggling(): void
  failed(error: unknown): void
}

/** Ids given so far: two of us on one host must not publish under the same one. */
const idsGiven = new WeakMap<Host, number>()

/** One listener on the host, whatever the number of advertisements. */
export class Publications {
  readonly #host: Host
  readonly #publishers = new Map<string, Publisher>()
  /** While anything is published the process stays alive. */
  #letGo: Cancel | undefined

  constructor(host: Host) {
    this.#host = host
    host.on((event) => {
      if (event.kind === 'published') this.#publishers.get(event.id)?.published()
      else if (event.kind === 'renamed') this.#publishers.get(event.id)?.renamed(event.attempt)
      else if (event.kind === 'struggling') this.#publishers.get(event.id)?.struggling()
    })
  }

  /** The id for a new publication; throws ERR_TOO_MANY. */
  add(publisher: Publisher): string {
    if (this.#publishers.size >= LIMITS.publications) {
      throw new RegistryError('ERR_TOO_MANY', `${LIMITS.publications} services are advertised already; withdraw some`)
    }
    const number = (idsGiven.get(this.#host) ?? 0) + 1
    idsGiven.set(this.#host, number)
    const id = `dnssd-${number}`
    this.#publishers.set(id, publisher)
    this.#letGo ??= this.#host.hold('standing')
    return id
  }

  /** Keeps the process alive for somebody who waits. */
  hold(): Cancel {
    return this.#host.hold('call')
  }

  publish(publication: Publication): void {
    this.#host.publish(publication)
  }

  withdraw(id: string): void {
    if (!this.#publishers.delete(id)) return
    this.#host.withdraw(id)
    this.#letGoIfEmpty()
  }

  /** Whether another advertisement of this program has the name: the link would see no conflict between them. */
  uses(fullName: Name, except: Publisher): boolean {
    const folded = foldName(fullName)
    for (const publisher of this.#publishers.values()) {
      if (publisher !== except && foldName(publisher.fullName) === folded) return true
    }
    return false
  }

  /** The host is at its end: whoever still waits for it is told. */
  fail(error: unknown): void {
    for (const publisher of this.#publishers.values()) publisher.failed(error)
    this.#publishers.clear()
    this.#letGoIfEmpty()
  }

  #letGoIfEmpty(): void {
    if (this.#publishers.size > 0) return
    this.#letGo?.()
    this.#letGo = undefined
  }
}
