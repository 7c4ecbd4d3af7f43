// Owns when answers leave: delayed and gathered, held to one per record and second, dropped when another host answers.
// Does not own what they are (responder.ts) nor their packing into datagrams (pack.ts).
import type { Rr } from '../wire/types.ts'
import { between, MULTICAST_GAP, REPLY_HOLD, REPLY_MAX, REPLY_MIN } from './cadence.ts'
import { rrKey } from './rr.ts'
import type { Endpoint, Instant, Random } from './types.ts'

/** A quarter of the longest TTL in use, 75 minutes: what was multicast longer ago than this is not recent for any. */
const RECENT_MAX = 1_125_000

interface Pending {
  readonly rr: Rr
  due: Instant
  /** It may leave with others from here on. */
  readonly earliest: Instant
  /** How long ago it must have been multicast before. */
  readonly gap: number
}

export interface UnicastReply {
  readonly to: Endpoint
  readonly answers: readonly Rr[]
}

interface DelayedUnicast extends UnicastReply {
  readonly due: Instant
}

export interface RepliesDue {
  readonly multicast: readonly Rr[]
  readonly unicast: readonly UnicastReply[]
}

export class Replies {
  readonly #random: Random
  readonly #pending = new Map<string, Pending>()
  #unicast: DelayedUnicast[] = []
  readonly #multicastAt = new Map<string, Instant>()
  /** The answers that wait for company: when the first of them was asked for, and when they leave. */
  #gathering = { since: Number.NEGATIVE_INFINITY, due: Number.NEGATIVE_INFINITY }

  constructor(random: Random) {
    this.#random = random
  }

  get wakeAt(): Instant {
    let wakeAt = Number.POSITIVE_INFINITY
    for (const { due } of this.#pending.values()) wakeAt = Math.min(wakeAt, due)
    for (const { due } of this.#unicast) wakeAt = Math.min(wakeAt, due)
    return wakeAt
  }

  /** RFC 6762 §6: others may answer too, or there are several questions; wait 20–120 ms, and leave together. */
  gather(answers: readonly Rr[], now: Instant): void {
    if (answers.length === 0) return
    const due = this.#join(now)
    for (const rr of answers) this.#add({ rr, due, earliest: now + REPLY_MIN, gap: MULTICAST_GAP })
  }

  /** Multicast in this step, unless the record was within the last `gap`. */
  answer(answers: readonly Rr[], now: Instant, gap: number = MULTICAST_GAP): void {
    for (const rr of answers) this.#add({ rr, due: now, earliest: now, gap })
  }

  /** To one host; `wait` if the answer is one that others may give as well. */
  unicast(to: Endpoint, answers: readonly Rr[], now: Instant, wait: boolean): void {
    if (answers.length === 0) return
    const due = wait ? now + between(this.#random, REPLY_MIN, REPLY_MAX) : now
    this.#unicast.push({ to, answers, due })
  }

  /** Another host multicast the record with a TTL no less than ours: that answers for us too, RFC 6762 §7.4. */
  answeredByOther(own: Rr, ttl: number): void {
    if (ttl >= own.ttl) this.#pending.delete(rrKey(own))
  }

  /** Whether the record was multicast within the last quarter of its TTL, RFC 6762 §5.4. */
  isRecent(rr: Rr, now: Instant): boolean {
    return now - this.#lastAt(rr) < (rr.ttl * 1_000) / 4
  }

  /** Whether the record may be multicast again, RFC 6762 §6. */
  isRested(rr: Rr, now: Instant): boolean {
    return this.#lastAt(rr) + MULTICAST_GAP <= now
  }

  /** These records were multicast, for whatever reason; who waited for one of them has heard it. */
  sent(records: Iterable<Rr>, now: Instant): void {
    for (const rr of records) {
      const key = rrKey(rr)
      this.#pending.delete(key)
      this.#multicastAt.delete(key)
      this.#multicastAt.set(key, now)
    }
    // Oldest first, as each is put back at the end: what no longer matters is let go.
    for (const [key, at] of this.#multicastAt) {
      if (now - at < RECENT_MAX) return
      this.#multicastAt.delete(key)
    }
  }

  /** These records are no longer ours to answer with. */
  forget(records: readonly Rr[]): void {
    const keys = new Set(records.map(rrKey))
    for (const key of keys) {
      this.#pending.delete(key)
      this.#multicastAt.delete(key)
    }
    this.#unicast = this.#unicast.flatMap((reply) => {
      const answers = reply.answers.filter((rr) => !keys.has(rrKey(rr)))
      return answers.length > 0 ? [{ ...reply, answers }] : []
    })
  }

  /** What was multicast too lately waits until that is a second ago; RFC 6762 §6 would let it be dropped as well. */
  due(now: Instant): RepliesDue {
    const multicast: Rr[] = []
    if (this.#isPendingDue(now)) {
      for (const [key, pending] of this.#pending) {
        if (pending.earliest > now) continue
        const restedAt = this.#lastAt(pending.rr) + pending.gap
        if (restedAt > now) {
          pending.due = restedAt
          continue
        }
        this.#pending.delete(key)
        multicast.push(pending.rr)
      }
    }
    const unicast = this.#unicast.filter((reply) => reply.due <= now)
    if (unicast.length > 0) this.#unicast = this.#unicast.filter((reply) => reply.due > now)
    return { multicast, unicast }
  }

  #isPendingDue(now: Instant): boolean {
    for (const { due } of this.#pending.values()) if (due <= now) return true
    return false
  }

  #lastAt(rr: Rr): Instant {
    return this.#multicastAt.get(rrKey(rr)) ?? Number.NEGATIVE_INFINITY
  }

  /** What was asked for twice leaves as early, and rests as little, as either of the two allows. */
  #add(pending: Pending): void {
    const key = rrKey(pending.rr)
    const before = this.#pending.get(key) ?? pending
    this.#pending.set(key, {
      rr: pending.rr,
      due: Math.min(before.due, pending.due),
      earliest: Math.min(before.earliest, pending.earliest),
      gap: Math.min(before.gap, pending.gap),
    })
  }

  /** RFC 6762 §6.4: answers that wait already are held back to leave with the new ones, within reason. */
  #join(now: Instant): Instant {
    const { since, due } = this.#gathering
    if (due >= now + REPLY_MIN) return due
    const next = now + between(this.#random, REPLY_MIN, REPLY_MAX)
    const waiting = due > now && next <= since + REPLY_HOLD
    if (waiting) for (const pending of this.#pending.values()) if (pending.due === due) pending.due = next
    this.#gathering = { since: waiting ? since : now, due: next }
    return next
  }
}
