// Owns a whole host as a function of its inputs: the links, and what is common to all of them.
// Does not own anything that happens on a single link (attachment.ts), nor sockets, timers or promises (host/).
import type { Name } from '../wire/types.ts'
import type { Attachment } from './attachment.ts'
import { Attachments } from './attachments.ts'
import { Attempts } from './attempts.ts'
import type { ClaimNews } from './authority.ts'
import { Conflicts } from './conflicts.ts'
import { HOST_ID, hostNameAt, hostPublication } from './host-records.ts'
import { Interests } from './interests.ts'
import { LIMITS, type Limits } from './limits.ts'
import { Publications } from './publications.ts'
import { newStep, type Step } from './step.ts'
import { isAnotherNetwork } from './subnets.ts'
import type { Input, Instant, Interest, Link, Lookup, Output, Publication, Random, Received } from './types.ts'

export interface EngineOptions {
  readonly random: Random
  /** The wanted host name, a single label: `workshop` for `workshop.local`. */
  readonly hostName: string
  readonly limits?: Partial<Limits>
}

/** What the engine holds, for diagnosis. */
export interface Snapshot {
  readonly host: Name
  readonly links: readonly { readonly link: Link; readonly cached: number }[]
  readonly publications: number
  readonly interests: number
}

export class Engine {
  readonly #hostLabel: string
  readonly #attachments: Attachments
  readonly #publications = new Publications()
  readonly #conflicts = new Conflicts()
  readonly #attempts: Attempts
  readonly #interests: Interests
  #host: Name
  #hostPublished = false
  #closing = false

  constructor({ random, hostName, limits }: EngineOptions) {
    const all = { ...LIMITS, ...limits }
    this.#attachments = new Attachments({ random, limits: all, conflicts: this.#conflicts })
    this.#attempts = new Attempts(random)
    this.#interests = new Interests(all.interests)
    this.#hostLabel = hostName
    this.#host = hostNameAt(hostName, 0)
  }

  /** Newest first over all links. */
  readonly lookup: Lookup = (name, type) => this.#attachments.lookup({ name, type })

  /** When a standing question was last asked on all links that are up; undefined if it was not, or not of late. */
  askedAt(interest: Interest): Instant | undefined {
    return this.#attachments.askedAt(interest)
  }

  /** Those that are up. */
  get links(): readonly Link[] {
    return [...this.#attachments].map(({ link }) => link)
  }

  /** Those that `lookup` may name: also links that have just gone, as long as what was heard there counts. */
  get heardLinks(): readonly Link[] {
    return this.#attachments.all.map(({ link }) => link)
  }

  /** The host name that is in use or being claimed. */
  get host(): Name {
    return this.#host
  }

  inspect(): Snapshot {
    const links = [...this.#attachments].map(({ link, cached }) => ({ link, cached }))
    return { host: this.#host, links, publications: this.#publications.size, interests: this.#interests.size }
  }

  /** Whether a datagram is of no concern here, so that it is no input. To be asked once for each. */
  ignores(datagram: Received, now: Instant): boolean {
    return this.#attachments.get(datagram.link)?.ignores(datagram, now) ?? true
  }

  step(input: Input, now: Instant): Output {
    const step = newStep(now)
    this.#take(input, step)
    for (const attachment of this.#attachments.all) if (attachment.wakeAt <= now) step.touched.add(attachment)
    while (step.touched.size > 0) this.#flush(step)
    this.#attachments.tidy()
    return this.#output(step)
  }

  #output({ sends, changes, events }: Step): Output {
    if (changes.length > 0) events.unshift({ kind: 'changed', changes })
    for (const id of this.#publications.takeSettled()) {
      events.push({ kind: 'published', id, attempt: this.#attempts.of(id) })
    }
    if (this.#closing && ![...this.#attachments].some(({ isLeaving }) => isLeaving)) {
      this.#closing = false
      events.push({ kind: 'closed' })
    }
    return { sends, events, wakeAt: this.#attachments.wakeAt }
  }

  #take(input: Input, step: Step): void {
    switch (input.kind) {
      case 'received':
        this.#on(input.datagram.link, step, (attachment) => attachment.received(input.datagram, step.now))
        break
      case 'unsent':
        this.#on(input.link, step, (attachment) => attachment.unsent(step.now))
        break
      case 'links':
        this.#setLinks(input.links, step)
        break
      case 'woken':
        this.#everywhere(step, (attachment) => this.#wake(attachment, step))
        break
      case 'rejoined':
        this.#on(input.link, step, (attachment) => attachment.askAgain(step.now))
        break
      case 'publish':
        this.#publish(input.publication, step)
        break
      case 'withdraw':
        this.#withdraw(input.id, step)
        break
      case 'ask':
        this.#ask(input.interest, step)
        break
      case 'forget':
        this.#forget(input.interest)
        break
      case 'reconfirm':
        this.#everywhere(step, (attachment) => attachment.reconfirm(input, step.now))
        break
      case 'close':
        this.#close(step)
        break
      case 'tick':
    }
  }

  #on(link: string, step: Step, act: (attachment: Attachment) => void): void {
    const attachment = this.#attachments.get(link)
    if (attachment === undefined) return
    act(attachment)
    step.touched.add(attachment)
  }

  #everywhere(step: Step, act: (attachment: Attachment) => void): void {
    for (const attachment of this.#attachments) {
      act(attachment)
      step.touched.add(attachment)
    }
  }

  #flush(step: Step): void {
    const news: ClaimNews[] = []
    for (const attachment of step.touched) {
      const output = attachment.flush(step.now)
      const link = attachment.link.id
      step.sends.push(...output.sends)
      step.changes.push(...output.changes)
      for (const reason of output.dropped) step.events.push({ kind: 'dropped', link, reason })
      news.push(...output.news)
      for (const { kind, id } of output.news) {
        if (kind === 'lost') continue
        this.#publications.settled(id, link)
        this.#attempts.settled(id)
      }
    }
    step.touched.clear()
    for (const id of new Set(news.filter(({ kind }) => kind === 'lost').map((each) => each.id))) this.#rename(id, step)
  }

  #setLinks(links: readonly Link[], step: Step): void {
    const up = new Map(links.map((link) => [link.id, link]))
    for (const attachment of this.#attachments) {
      const { id, queryOnly } = attachment.link
      if (up.has(id) && up.get(id)?.queryOnly === queryOnly) continue
      this.#attachments.detach(attachment, step.now)
      this.#publications.linkGone(id)
    }
    for (const link of links) {
      const attachment = this.#attachments.get(link.id)
      if (attachment === undefined) this.#attach(link, step)
      else if (JSON.stringify(attachment.link) !== JSON.stringify(link)) this.#change(attachment, link, step)
    }
  }

  /** RFC 6762 §8, §5.4: on a new link everything is probed for and announced, and everything asked again. */
  #attach(link: Link, step: Step): void {
    const attachment = this.#attachments.attach(link, step.now)
    this.#publishAll(attachment, step)
    this.#askAll(attachment, step)
  }

  /** RFC 6762 §8.4: other addresses are an update; none of the old networks left, and it is another link. */
  #change(attachment: Attachment, link: Link, step: Step): void {
    const before = attachment.link
    attachment.link = link
    if (isAnotherNetwork(before.addresses, link.addresses)) this.#wake(attachment, step)
    this.#publishAll(attachment, step)
  }

  #wake(attachment: Attachment, step: Step): void {
    attachment.wake(step.now)
    this.#askAll(attachment, step)
  }

  #askAll(attachment: Attachment, step: Step): void {
    for (const interest of this.#interests) attachment.ask(interest, step.now, true)
  }

  #publishAll(attachment: Attachment, step: Step): void {
    if (this.#hostPublished) this.#publishOn(attachment, hostPublication, step)
    for (const publication of this.#publications) this.#publishOn(attachment, publication, step)
  }

  #publishOn(attachment: Attachment, publication: Publication, step: Step): void {
    if (attachment.link.queryOnly) return
    const { id, probe } = publication
    const records = publication.records({ link: attachment.link, host: this.#host, attempt: this.#attempts.of(id) })
    attachment.publish({ id, records, probe }, step.now)
    step.touched.add(attachment)
  }

  #publish(publication: Publication, step: Step): void {
    this.#publications.set(publication, this.#attachments.publishing)
    if (publication.needsHost && !this.#hostPublished) {
      this.#hostPublished = true
      this.#everywhere(step, (attachment) => this.#publishOn(attachment, hostPublication, step))
    }
    this.#everywhere(step, (attachment) => this.#publishOn(attachment, publication, step))
  }

  #withdraw(id: string, step: Step): void {
    this.#publications.delete(id)
    this.#attempts.delete(id)
    this.#conflicts.forget(id)
    this.#everywhere(step, (attachment) => attachment.withdraw(id, step.now))
    if (!this.#hostPublished || this.#publications.needHost) return
    this.#hostPublished = false
    this.#everywhere(step, (attachment) => attachment.withdraw(HOST_ID, step.now))
  }

  /** RFC 6762 §9: the next name, on every link; a lost host name changes all that points to it. */
  #rename(id: string, step: Step): void {
    if (id === HOST_ID) this.#renameHost(step)
    const publication = this.#publications.get(id)
    if (publication === undefined) return
    const attempt = this.#nextAttempt(id, step)
    this.#publications.renamed(id, this.#attachments.publishing)
    step.events.push({ kind: 'renamed', id, attempt })
    this.#everywhere(step, (attachment) => this.#publishOn(attachment, publication, step))
  }

  #nextAttempt(id: string, step: Step): number {
    const attempt = this.#attempts.next(id, step.now)
    if (this.#attempts.struggles(id, step.now)) step.events.push({ kind: 'struggling', id })
    return attempt
  }

  #renameHost(step: Step): void {
    this.#host = hostNameAt(this.#hostLabel, this.#nextAttempt(HOST_ID, step))
    step.events.push({ kind: 'host-renamed', host: this.#host })
    this.#everywhere(step, (attachment) => {
      this.#publishOn(attachment, hostPublication, step)
      for (const publication of this.#publications) {
        if (publication.needsHost) this.#publishOn(attachment, publication, step)
      }
    })
  }

  #ask(interest: Interest, step: Step): void {
    if (!this.#interests.add(interest)) return
    this.#everywhere(step, (attachment) => attachment.ask(interest, step.now, false))
  }

  #forget(interest: Interest): void {
    if (!this.#interests.remove(interest)) return
    for (const attachment of this.#attachments.all) attachment.forget(interest)
  }

  #close(step: Step): void {
    this.#closing = true
    for (const { id } of [...this.#publications]) this.#withdraw(id, step)
    for (const interest of [...this.#interests]) {
      while (!this.#interests.remove(interest));
      for (const attachment of this.#attachments.all) attachment.forget(interest)
    }
  }
}
