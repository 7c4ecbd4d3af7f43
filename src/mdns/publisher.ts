// Owns the claims of one link: probing, deferring, announcing, defending, updating, renaming and saying goodbye.
// Does not own datagrams, the zone or other links: what has to happen there is returned as effects.
import { foldName } from '../wire/name.ts'
import type { Name, Rr } from '../wire/types.ts'
import * as cadence from './cadence.ts'
import {
  type Claim,
  difference,
  droppedFrom,
  type HeldUpdate,
  newClaim,
  spendCredit,
  uniqueNames,
  type Wanted,
} from './claim.ts'
import type { Conflicts } from './conflicts.ts'
import { Contenders } from './contenders.ts'
import { groupBy } from './group-by.ts'
import type { Limits } from './limits.ts'
import type { Matters } from './matters.ts'
import type { PublisherEffect } from './publisher-effect.ts'
import { NOWHERE, Schedule } from './schedule.ts'
import { compareProposals } from './tiebreak.ts'
import type { Instant, Random } from './types.ts'

/** Whether a record is one of ours, on whichever link: then it contradicts nothing. */
export type IsOurs = (rr: Rr) => boolean

export interface PublisherOptions {
  readonly random: Random
  readonly limits: Limits
  readonly conflicts: Conflicts
  readonly matters: Matters
}

interface Farewell {
  readonly records: readonly Rr[]
  readonly at: Instant
}

export class Publisher {
  readonly #claims = new Map<string, Claim>()
  readonly #contenders: Contenders
  readonly #schedule = new Schedule<Claim>()
  readonly #heldUpdates = new Schedule<HeldUpdate>()
  readonly #startWait: cadence.SharedWait
  readonly #limits: Limits
  readonly #conflicts: Conflicts
  #farewells: Farewell[] = []

  constructor({ random, limits, conflicts, matters }: PublisherOptions) {
    this.#contenders = new Contenders(matters)
    this.#startWait = new cadence.SharedWait(random, 0, cadence.PROBE_WAIT)
    this.#limits = limits
    this.#conflicts = conflicts
  }

  get wakeAt(): Instant {
    const farewellAt = this.#farewells[0]?.at ?? Number.POSITIVE_INFINITY
    return Math.min(this.#schedule.wakeAt, this.#heldUpdates.wakeAt, farewellAt)
  }

  /** Whether a goodbye is still to be said again. */
  get isLeaving(): boolean {
    return this.#farewells.length > 0
  }

  /** The proposed or announced records of a name. */
  proposed(name: Name): readonly Rr[] {
    return [...this.#contenders.of(foldName(name))].flatMap(({ records }) => records)
  }

  /** Claims the records, or changes those that are claimed under this id already. */
  publish(wanted: Wanted, now: Instant): readonly PublisherEffect[] {
    const { id, records } = wanted
    const claim = this.#claims.get(id)
    if (claim === undefined) return this.#begin(newClaim(wanted, now), now)
    const names = uniqueNames(records)
    const moved = names.size !== claim.names.size || [...names].some((name) => !claim.names.has(name))
    if (claim.state === 'lost' || moved) {
      // Where another host contests the name, a goodbye would take from it what the two of us have in common.
      const isHeld = claim.state === 'announcing' || claim.state === 'established'
      const effects = this.#end(claim, now, isHeld ? difference(claim.records, records).gone : [])
      return [...effects, ...this.#begin(newClaim(wanted, now), now)]
    }
    if (claim.state === 'announcing' || claim.state === 'established') return this.#update(claim, records, now)
    return this.#replace(claim, records, now)
  }

  /** RFC 6762 §10.1: tells peers that the records are no longer there, if they ever heard of them. */
  withdraw(id: string, now: Instant): readonly PublisherEffect[] {
    const claim = this.#claims.get(id)
    return claim === undefined ? [] : this.#end(claim, now, claim.records)
  }

  /** RFC 6762 §8: connectivity may have changed, so everything is probed for and announced as if it were new. */
  reprobe(now: Instant): readonly PublisherEffect[] {
    const effects: PublisherEffect[] = []
    for (const claim of this.#claims.values()) {
      if (claim.state === 'lost') continue
      claim.sent = 0
      claim.deferrals = 0
      claim.news = claim.records
      effects.push({ kind: 'release', id: claim.id })
      this.#start(claim, now)
    }
    return effects
  }

  due(now: Instant): readonly PublisherEffect[] {
    const effects = this.#schedule.due(now).flatMap((claim) => this.#advance(claim, now))
    for (const { claim, records } of this.#heldUpdates.due(now)) {
      claim.held = undefined
      effects.push(...this.publish({ id: claim.id, records }, now))
    }
    const parting = this.#farewells.filter(({ at }) => at <= now)
    if (parting.length > 0) this.#farewells = this.#farewells.filter(({ at }) => at > now)
    for (const { records } of parting) effects.push({ kind: 'goodbye', records })
    return effects
  }

  /**
   * RFC 6762 §8.1, §9: while a name is probed for, any record of it in a response means that it is taken; afterwards
   * one that contradicts ours sends us back to probing. `unreadable` are names of records that could not be decoded.
   */
  heardResponse(records: readonly Rr[], unreadable: readonly Name[], isOurs: IsOurs, now: Instant): PublisherEffect[] {
    const contested = new Set<Claim>()
    for (const rr of records) {
      for (const claim of this.#contenders.of(foldName(rr.name))) {
        if (contradicts(claim, rr) && !isOurs(rr)) contested.add(claim)
      }
    }
    for (const name of unreadable) {
      for (const claim of this.#contenders.of(foldName(name))) if (claim.state === 'probing') contested.add(claim)
    }
    return [...contested].flatMap((claim) => this.#conflict(claim, now))
  }

  /** Another host probes: for names that we probe for as well, the two proposals are compared. */
  heardProbe(authorities: readonly Rr[], isOurs: IsOurs, now: Instant): void {
    const proposals = groupBy(authorities, (rr) => foldName(rr.name))
    for (const [name, theirs] of proposals) {
      if (theirs.every(isOurs)) continue
      for (const claim of this.#contenders.of(name)) this.#compare(claim, name, theirs, now)
    }
  }

  /** Datagrams of this link did not leave: probing starts over, and the announcing as well. */
  unsent(now: Instant): readonly PublisherEffect[] {
    const effects: PublisherEffect[] = []
    for (const claim of this.#claims.values()) {
      if (claim.state !== 'probing' && claim.state !== 'announcing') continue
      if (claim.state === 'probing') claim.state = 'waiting'
      claim.sent = 0
      this.#schedule.set(claim, now + cadence.SECOND)
      effects.push({ kind: 'settled', id: claim.id })
    }
    return effects
  }

  /**
   * The lesser proposal waits a second, then probes for the same name again, RFC 6762 §8.2. That is no conflict: it
   * does not count among those of §8.1.
   */
  #compare(claim: Claim, name: string, theirs: readonly Rr[], now: Instant): void {
    if (claim.state !== 'probing' || claim.deferrals >= this.#limits.deferrals) return
    const ours = claim.records.filter((rr) => rr.flush && foldName(rr.name) === name)
    if (compareProposals(ours, theirs) >= 0) return
    claim.deferrals++
    claim.state = 'waiting'
    claim.sent = 0
    this.#schedule.set(claim, now + cadence.DEFERRAL)
  }

  #begin(claim: Claim, now: Instant): readonly PublisherEffect[] {
    this.#claims.set(claim.id, claim)
    this.#contenders.add(claim)
    this.#start(claim, now)
    return []
  }

  /** Shared records alone need no probing, nor do names that nobody else can have. */
  #start(claim: Claim, now: Instant): void {
    claim.state = claim.probes ? 'waiting' : 'announcing'
    this.#schedule.set(claim, claim.state === 'waiting' ? this.#probeAt(claim, now) : now)
  }

  #end(claim: Claim, now: Instant, leaving: readonly Rr[]): readonly PublisherEffect[] {
    this.#claims.delete(claim.id)
    this.#contenders.delete(claim)
    this.#schedule.delete(claim)
    this.#dropHeld(claim)
    const effects: PublisherEffect[] = [{ kind: 'release', id: claim.id }]
    if (claim.announced && leaving.length > 0) effects.push(this.#goodbye(leaving, now))
    return effects
  }

  #goodbye(records: readonly Rr[], now: Instant): PublisherEffect {
    this.#farewells.push({ records, at: now + cadence.FAREWELL_GAP })
    return { kind: 'goodbye', records }
  }

  #advance(claim: Claim, now: Instant): PublisherEffect[] {
    if (claim.state === 'waiting' || claim.state === 'probing') {
      if (claim.sent < cadence.PROBES) {
        claim.state = 'probing'
        claim.sent++
        this.#schedule.set(claim, now + cadence.PROBE_GAP)
        return [{ kind: 'probe', records: claim.records.filter((rr) => rr.flush) }]
      }
      claim.state = 'announcing'
      claim.sent = 0
      claim.deferrals = 0
    }
    return this.#announce(claim, now)
  }

  /** RFC 6762 §8.3; the first leaves with the end of the probing, which was delay enough. */
  #announce(claim: Claim, now: Instant): PublisherEffect[] {
    const announcement: PublisherEffect = { kind: 'announce', records: claim.news }
    claim.sent++
    if (claim.sent < cadence.ANNOUNCEMENTS) this.#schedule.set(claim, now + cadence.ANNOUNCE_GAP)
    else claim.state = 'established'
    if (claim.sent > 1) return [announcement]
    claim.announced = true
    const { id, records } = claim
    return [{ kind: 'hold', id, records }, announcement, { kind: 'settled', id }]
  }

  /** While a name is probed for, nothing can be announced that would take the place of what peers have heard. */
  #replace(claim: Claim, records: readonly Rr[], now: Instant): readonly PublisherEffect[] {
    const dropped = droppedFrom(claim.records, records)
    claim.records = records
    claim.news = records
    return claim.announced && dropped.length > 0 ? [this.#goodbye(dropped, now)] : []
  }

  /** RFC 6762 §8.4: new rdata is announced in place of the old, without probing. */
  #update(claim: Claim, records: readonly Rr[], now: Instant): readonly PublisherEffect[] {
    const { id } = claim
    const { news, gone } = difference(claim.records, records)
    this.#dropHeld(claim)
    if (news.length === 0 && gone.length === 0) return [{ kind: 'settled', id }]
    if (!spendCredit(claim, now)) {
      claim.held = { claim, records, place: NOWHERE }
      this.#heldUpdates.set(claim.held, claim.credits.at + cadence.UPDATE_CREDIT_EVERY)
      return [{ kind: 'settled', id }]
    }
    claim.news = claim.state === 'announcing' ? records : news
    claim.records = records
    claim.state = 'announcing'
    claim.sent = 0
    this.#schedule.set(claim, now)
    const effects: PublisherEffect[] = [{ kind: 'hold', id, records }]
    if (gone.length > 0) effects.push(this.#goodbye(gone, now))
    return effects
  }

  #dropHeld(claim: Claim): void {
    if (claim.held) this.#heldUpdates.delete(claim.held)
    claim.held = undefined
  }

  #conflict(claim: Claim, now: Instant): readonly PublisherEffect[] {
    this.#conflicts.add(claim.id, now)
    const { id } = claim
    claim.sent = 0
    claim.news = claim.records
    if (claim.state === 'probing') {
      claim.state = 'lost'
      this.#schedule.delete(claim)
      return [{ kind: 'lost', id }]
    }
    claim.state = 'waiting'
    this.#schedule.set(claim, this.#probeAt(claim, now))
    return [{ kind: 'release', id }]
  }

  /** Within 250 ms, but later when conflicts keep coming. */
  #probeAt({ id }: Claim, now: Instant): Instant {
    const wait = this.#conflicts.waitAt(id, now)
    return wait > 0 ? now + wait : this.#startWait.join(now)
  }
}

function contradicts(claim: Claim, rr: Rr): boolean {
  if (rr.ttl === 0 || rr.type === 'NSEC') return false
  if (claim.state === 'probing') return true
  if (claim.state !== 'announcing' && claim.state !== 'established') return false
  const name = foldName(rr.name)
  return claim.records.some(
    (own) => own.flush && own.type === rr.type && own.class === rr.class && foldName(own.name) === name,
  )
}
