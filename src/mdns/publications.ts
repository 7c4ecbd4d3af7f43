// Owns what this host publishes on all links alike: each publication, and on which links it is awaited.
// Does not own the claims on a single link (publisher.ts) nor the names that they are at (attempts.ts).
import type { Publication } from './types.ts'

export class Publications {
  readonly #publications = new Map<string, Publication>()
  /** Links on which the last publish of an id is not settled yet. */
  readonly #awaited = new Map<string, Set<string>>()

  get size(): number {
    return this.#publications.size
  }

  /** Whether anything points to the host's own name. */
  get needHost(): boolean {
    for (const { needsHost } of this.#publications.values()) if (needsHost) return true
    return false
  }

  /** Adds or replaces. */
  set(publication: Publication, links: Iterable<string>): void {
    this.#publications.set(publication.id, publication)
    this.#awaited.set(publication.id, new Set(links))
  }

  get(id: string): Publication | undefined {
    return this.#publications.get(id)
  }

  delete(id: string): void {
    this.#publications.delete(id)
    this.#awaited.delete(id)
  }

  /** Its name was lost: the next one is awaited on these links if the last one was on any. */
  renamed(id: string, links: Iterable<string>): void {
    if (this.#awaited.has(id)) this.#awaited.set(id, new Set(links))
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

  [Symbol.iterator](): Iterator<Publication> {
    return this.#publications.values()
  }
}
