// Owns who is told about which changes: one entry per standing question of the program.
// Does not own the questions themselves (the engine asks them) nor the order of dispatch (host.ts).
import { About, ByQuestion } from '../mdns/by-question.ts'
import { allOf, type Few, withOne, withoutOne } from '../mdns/few.ts'
import { DENIABLE } from '../mdns/rr.ts'
import type { Change } from '../mdns/types.ts'
import type { Name, RrType } from '../wire/types.ts'

/** Somebody who is told what becomes known or ends under the names and types that it follows. */
export interface Follower {
  /** `type` is the one that is followed: a denial, which is an NSEC record, concerns all that may be denied. */
  heard(changes: readonly Change[], type: RrType): void
}

class Followed extends About<Followed> {
  followers: Few<Follower>
}

/** Finds the followers of a change by name and type, so that a change costs the same however many others wait. */
export class Subscriptions {
  readonly #followed = new ByQuestion<Followed>()

  /** Each may follow a name and type once. */
  add(name: Name, type: RrType, follower: Follower): void {
    let followed = this.#followed.get(name, type)
    if (followed === undefined) {
      followed = new Followed(name, type)
      this.#followed.add(followed)
    }
    followed.followers = withOne(followed.followers, follower)
  }

  /** False if it did not follow them. */
  delete(name: Name, type: RrType, follower: Follower): boolean {
    const followed = this.#followed.get(name, type)
    if (followed === undefined || !allOf(followed.followers).includes(follower)) return false
    followed.followers = withoutOne(followed.followers, follower)
    if (followed.followers === undefined) this.#followed.delete(followed)
    return true
  }

  /** Calls `run` with one delivery per follower concerned; one that has left meanwhile is passed over. */
  dispatch(changes: readonly Change[], run: (deliver: () => void) => void): void {
    for (const [followed, concerned] of this.#grouped(changes)) {
      for (const follower of allOf(followed.followers)) {
        if (allOf(followed.followers).includes(follower)) run(() => follower.heard(concerned, followed.type))
      }
    }
  }

  #grouped(changes: readonly Change[]): Map<Followed, Change[]> {
    const groups = new Map<Followed, Change[]>()
    for (const change of changes) {
      const { name, type } = change.rr
      for (const each of type === 'NSEC' ? DENIABLE : [type]) {
        const followed = this.#followed.get(name, each)
        if (followed === undefined) continue
        const group = groups.get(followed)
        if (group === undefined) groups.set(followed, [change])
        else group.push(change)
      }
    }
    return groups
  }
}
