// Owns which links this host is on, and which it was on a moment ago: a link that comes back finds what it had heard.
// Does not own the life on any of them (attachment.ts), nor what is published and asked on all (engine.ts).
import type { Rr } from '../wire/types.ts'
import { Attachment } from './attachment.ts'
import type { AuthorityOptions } from './authority.ts'
import type { Heard, Instant, Interest, Link } from './types.ts'

export class Attachments {
  readonly #options: AuthorityOptions
  readonly #up = new Map<string, Attachment>()
  /** Gone, but some of what was heard there still counts. */
  readonly #left = new Map<string, Attachment>()

  constructor(options: Omit<AuthorityOptions, 'isOurs'>) {
    this.#options = { ...options, isOurs: (rr) => this.#owns(rr) }
  }

  /** Those that are up. */
  [Symbol.iterator](): Iterator<Attachment> {
    return this.#up.values()
  }

  /** Those that are up, and those that have just gone. */
  get all(): readonly Attachment[] {
    return [...this.#up.values(), ...this.#left.values()]
  }

  /** The links on which something can be published. */
  get publishing(): readonly string[] {
    return [...this.#up].filter(([, { link }]) => !link.queryOnly).map(([id]) => id)
  }

  get wakeAt(): Instant {
    let wakeAt = Number.POSITIVE_INFINITY
    for (const attachment of this.#up.values()) wakeAt = Math.min(wakeAt, attachment.wakeAt)
    for (const attachment of this.#left.values()) wakeAt = Math.min(wakeAt, attachment.wakeAt)
    return wakeAt
  }

  /** The one of a link that is up. */
  get(id: string): Attachment | undefined {
    return this.#up.get(id)
  }

  /** Newest first over all links. */
  lookup(interest: Interest): readonly Heard[] {
    const heard = this.all.flatMap((attachment) => attachment.lookup(interest))
    return this.#up.size + this.#left.size > 1 ? heard.sort((a, b) => b.at - a.at) : heard
  }

  /** When the last of the links that are up was asked; undefined while one of them was not. */
  askedAt(interest: Interest): Instant | undefined {
    let latest: Instant | undefined
    for (const attachment of this.#up.values()) {
      const at = attachment.askedAt(interest)
      if (at === undefined) return undefined
      latest = Math.max(latest ?? at, at)
    }
    return latest
  }

  attach(link: Link, now: Instant): Attachment {
    const back = this.#left.get(link.id)
    this.#left.delete(link.id)
    const attachment = back ?? new Attachment(link, this.#options)
    if (back !== undefined) attachment.comeBack(link, now)
    this.#up.set(link.id, attachment)
    return attachment
  }

  detach(attachment: Attachment, now: Instant): void {
    const { id } = attachment.link
    attachment.leave(now)
    this.#up.delete(id)
    if (attachment.cached > 0) this.#left.set(id, attachment)
  }

  /** Lets go of those of which nothing is left. */
  tidy(): void {
    for (const [id, { cached }] of this.#left) if (cached === 0) this.#left.delete(id)
  }

  #owns(rr: Rr): boolean {
    for (const attachment of this.#up.values()) if (attachment.owns(rr)) return true
    return false
  }
}
