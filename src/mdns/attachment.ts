// Owns this host's life on one link: what comes in is admitted and told to both sides, what goes out is packed.
// Does not own other links, nor the publications and interests that all links share (engine.ts).

import { type HashedNames, isResponse, mentions } from '../wire/owners.ts'
import type { Rr } from '../wire/types.ts'
import { admit, MDNS_PORT } from './admission.ts'
import { Authority, type AuthorityOptions, type ClaimNews } from './authority.ts'
import { Bucket } from './bucket.ts'
import type { Wanted } from './claim.ts'
import { Discovery } from './discovery.ts'
import { Echoes } from './echoes.ts'
import type { Limits } from './limits.ts'
import { isEmpty, newOutbox, type Outbox } from './outbox.ts'
import { pack } from './pack.ts'
import { Subnets } from './subnets.ts'
import type { Change, Doubt, DropReason, Heard, Instant, Interest, Link, Received, Send } from './types.ts'

/** All that a step brought about on one link. */
export interface AttachmentOutput {
  readonly sends: readonly Send[]
  readonly changes: readonly Change[]
  readonly news: readonly ClaimNews[]
  readonly dropped: readonly DropReason[]
}

export class Attachment {
  readonly #options: AuthorityOptions
  readonly #limits: Limits
  readonly #discovery: Discovery
  readonly #echoes: Echoes
  #authority: Authority
  #subnets: Subnets
  #unicastAskedAt = Number.NEGATIVE_INFINITY
  /** The names that are of concern in a response, and in a query. */
  readonly #told: HashedNames = {
    has: (hash) => this.#discovery.matters.has(hash) || this.#authority.unique.has(hash),
  }
  readonly #asked: HashedNames = { has: (hash) => this.#told.has(hash) || this.#authority.shared.has(hash) }
  readonly #leisure: Bucket
  #outbox: Outbox = newOutbox()
  #changes: Change[] = []
  #news: ClaimNews[] = []
  #dropped: DropReason[] = []

  constructor(link: Link, options: AuthorityOptions) {
    const { random, limits } = options
    this.#options = options
    this.#limits = limits
    this.#discovery = new Discovery(link.id, random, limits)
    this.#authority = new Authority(link, options)
    this.#echoes = new Echoes(limits.echoes)
    this.#leisure = new Bucket(limits.readUnasked, limits.readUnaskedBurst)
    this.#subnets = new Subnets(link.addresses)
  }

  get link(): Link {
    return this.#authority.link
  }

  set link(link: Link) {
    this.#authority.link = link
    this.#subnets = new Subnets(link.addresses)
  }

  get wakeAt(): Instant {
    return Math.min(this.#discovery.wakeAt, this.#authority.wakeAt)
  }

  /** Whether a goodbye is still to be said again. */
  get isLeaving(): boolean {
    return this.#authority.isLeaving
  }

  /** Records in the cache. */
  get cached(): number {
    return this.#discovery.cached
  }

  owns(rr: Rr): boolean {
    return this.#authority.owns(rr)
  }

  lookup(interest: Interest): readonly Heard[] {
    return this.#discovery.lookup(interest)
  }

  askedAt(interest: Interest): Instant | undefined {
    return this.#discovery.askedAt(interest)
  }

  /**
   * Whether a datagram can be left unread. Most of what a busy link says is about names that nobody here asks for or
   * owns. With time to spare it is read all the same, RFC 6762 §18.1: what it tells of may be asked for next.
   */
  ignores({ bytes, from, viaGroup }: Received, now: Instant): boolean {
    if (!viaGroup || from.port !== MDNS_PORT) return false
    if (mentions(bytes, isResponse(bytes) ? this.#told : this.#asked)) return false
    if (this.#authority.awaits(from) || this.#leisure.take(now)) return false
    if (isResponse(bytes)) this.#discovery.leftUnread(now)
    return true
  }

  received(datagram: Received, now: Instant): void {
    const unicastAskedAt = this.#unicastAskedAt
    const admission = admit(datagram, { subnets: this.#subnets, unicastAskedAt, limits: this.#limits }, now)
    if ('dropped' in admission) {
      this.#dropped.push(admission.dropped)
      return
    }
    const { message } = admission
    const { from, viaGroup } = datagram
    const echo = viaGroup && this.#echoes.has(datagram.bytes, now)
    const mayBeEcho = () => this.#echoes.mayHave(datagram.bytes, now)
    if (message.response) {
      this.#changes.push(...this.#discovery.heardResponse(message, now))
      if (echo) return
      this.#news.push(...this.#authority.heardResponse(message, { viaGroup, mayBeEcho }, now, this.#outbox))
      return
    }
    const onLink = this.#subnets.contains(from.address)
    if (!echo && viaGroup && from.port === MDNS_PORT) this.#discovery.heardQuery(message, from.address, now)
    this.#authority.heardQuery(message, { from, viaGroup, onLink, echo, mayBeEcho }, now, this.#outbox)
  }

  publish(wanted: Wanted, now: Instant): void {
    this.#news.push(...this.#authority.publish(wanted, now, this.#outbox))
  }

  withdraw(id: string, now: Instant): void {
    this.#authority.withdraw(id, now, this.#outbox)
  }

  unsent(now: Instant): void {
    this.#discovery.unsent(now)
    this.#news.push(...this.#authority.unsent(now, this.#outbox))
  }

  /** `fresh`: the link has just come up. */
  ask(interest: Interest, now: Instant, fresh: boolean): void {
    this.#discovery.ask(interest, now, fresh && this.link.unicast)
  }

  forget(interest: Interest): void {
    this.#discovery.forget(interest)
  }

  reconfirm(doubt: Doubt, now: Instant): void {
    this.#discovery.reconfirm(doubt, now)
  }

  /** The link is gone, and with it every claim; what was heard on it counts for a little longer. */
  leave(now: Instant): void {
    this.#authority = new Authority(this.link, this.#options)
    this.#outbox = newOutbox()
    this.#discovery.leave(now)
  }

  /** What is published and asked has to be told anew. */
  comeBack(link: Link, now: Instant): void {
    this.link = link
    this.#discovery.suspect(now)
  }

  /** The link may be another one: our names are probed for again, and what was heard is in doubt, RFC 6762 §10.3. */
  wake(now: Instant): void {
    this.#discovery.suspect(now)
    this.#news.push(...this.#authority.reprobe(now, this.#outbox))
  }

  /** What was said on the link may have been missed. */
  askAgain(now: Instant): void {
    this.#discovery.askAgain(now)
  }

  /** Takes all steps that are due, and hands over what has gathered since the last time. */
  flush(now: Instant): AttachmentOutput {
    if (this.#authority.wakeAt <= now) this.#news.push(...this.#authority.due(now, this.#outbox))
    if (this.#discovery.wakeAt <= now) {
      const { changes, questions } = this.#discovery.due(now)
      this.#changes.push(...changes)
      this.#outbox.questions.push(...questions)
    }
    const output = { sends: this.#sends(now), changes: this.#changes, news: this.#news, dropped: this.#dropped }
    this.#changes = []
    this.#news = []
    this.#dropped = []
    return output
  }

  #sends(now: Instant): readonly Send[] {
    const outbox = this.#outbox
    // Most of what a busy link hears calls for no word of ours.
    if (isEmpty(outbox)) return []
    this.#outbox = newOutbox()
    const { family, id } = this.link
    const datagram = family === 4 ? this.#limits.datagramOut4 : this.#limits.datagramOut6
    const { sends, multicast } = pack(outbox, {
      datagram,
      single: this.#limits.datagramSingle,
      ...(this.link.queryOnly && { offered: datagram }),
    })
    this.#authority.sent(multicast, now)
    if (this.#asksUnicast(outbox)) this.#unicastAskedAt = now
    for (const { to, bytes } of sends) if (to === 'group') this.#echoes.remember(bytes, now)
    return sends.map(({ to, bytes }) => ({ link: id, to, bytes }))
  }

  #asksUnicast({ questions, probes }: Outbox): boolean {
    if (this.link.queryOnly) return questions.length > 0
    const asked = [...questions.map(({ question }) => question), ...probes.flatMap((probe) => probe.questions)]
    return asked.some(({ unicast }) => unicast)
  }
}
