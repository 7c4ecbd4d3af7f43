// Owns what this host publishes on all links alike: each publication, its attempt, and on which links it is awaited.
// Does not own the claims on a single link (publisher.ts).
import type { Publication } from './types.ts'

interface Entry {
  readonly publication: Publication
  /** 0 for the wanted name. */
  readonly attempt: number
}

export class Publications {
  readonly #entries = new Map<string, Entry>()
  /** Links on which the last publish of an id is not settled yet. */
  readonly #awaited = new Map<string, Set<string>>()

  get size(): number {
    return this.#entries.size
  }

  /** Whether anything points to the host's own name. */
  get needHost(): boolean {
    for (const { publication } of this.#entries.values()) if (publication.needsHost) return true
    return false
  }

  /** Adds or replaces; the attempt stays what it was. */
  set(publication: Publication, links: Iterable<string>): void {
    const { id } = publication
    this.#entries.set(id, { publication, attempt: this.attemptOf(id) })
    this.#awaited.set(id, new Set(links))
  }

  get(id: string): Publication | undefined {
    return this.#entries.get(id)?.publication
  }

  delete(id: string): void {
    this.#entries.delete(id)
    this.#awaited.delete(id)
  }

  attemptOf(id: string): number {
    return this.#entries.get(id)?.attempt ?? 0
  }

  /** Moves on to the next name, which is awaited on these links if the last one was on any. */
  rename(publication: Publication, links: Iterable<string>): number {
    const { id } = publication
    const attempt = this.attemptOf(id) + 1
    this.#entries.set(id, { publication, attempt })
    if (this.#awaited.has(id)) this.#awaited.set(id, new Set(links))
    return attempt
  }

  settled(id: string, link: string): void {
    this.#awaited.get(id)?.delete(link)
  }

  linkGone(link: string): void {
    for (const links of this.#awaited.values()) links.delete(link)
  }

  /** The ids whose last publish is settled on every link; each is named once. */
  takeSettled(): readonly string[] {
    if (this.#awaited.size === 0) return []
    const ids = [...this.#awaited].filter(([, links]) => links.size === 0).map(([id]) => id)
    for (const id of ids) this.#awaited.delete(id)
    return ids
  }

  *[Symbol.iterator](): Iterator<Publication> {
    for (const { publication } of this.#entries.values()) yield publication
  }
}
