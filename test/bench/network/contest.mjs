// Owns the turns of a contest: one try each, again and again, so that what else the machine does falls on all.
// Does not own what a try is.
import { setTimeout as wait } from 'node:timers/promises'
import { median } from '../figure.mjs'
import { contestants } from '../peers/peers.mjs'
import { Pair } from './pair.mjs'

/** How long after another a peer begins where they are not in each other's way. */
const APART = 150

export class Contest {
  /** By name; who failed is no longer here. */
  pairs = new Map()
  /** Why others have no figure. */
  #reasons
  #results = new Map()

  /** Rejects when ours fails in `prepare`. */
  static async open(prepare) {
    const contest = new Contest()
    const { present, reasons } = contestants()
    contest.#reasons = reasons
    for (const [name, peer] of present) contest.pairs.set(name, new Pair(peer))
    await contest.#each(prepare, true)
    return contest
  }

  /**
   * What each call resolves with is kept, an object of numbers. `together` for what is mostly waiting: ours has the
   * machine to itself, then come all others.
   */
  async tries(count, attempt, { together = false } = {}) {
    for (let number = 0; number < count; number++) {
      const keep = async (pair, name) => {
        const result = await attempt(pair, number, name)
        this.#results.set(name, [...(this.#results.get(name) ?? []), result])
      }
      await this.#each(keep, together)
    }
  }

  /** Of one property of what the tries came to: `{ ours, peers }`, as a Figure has them. */
  medians(property) {
    const peers = Object.fromEntries(this.#reasons)
    for (const [name, results] of this.#results) {
      if (!this.#reasons.has(name)) peers[name] = median(results.map((result) => result[property]))
    }
    const { ours, ...others } = peers
    return { ours, peers: others }
  }

  async close() {
    await Promise.all([...this.pairs.values()].map((pair) => pair.close()))
  }

  async #each(act, together) {
    const others = [...this.pairs.keys()].filter((name) => name !== 'ours')
    if (this.pairs.has('ours')) await this.#turn('ours', act)
    if (!together) for (const name of others) await this.#turn(name, act)
    else await Promise.all(others.map((name, index) => wait(index * APART).then(() => this.#turn(name, act))))
  }

  async #turn(name, act) {
    const pair = this.pairs.get(name)
    try {
      await act(pair, name)
    } catch (error) {
      this.pairs.delete(name)
      this.#reasons.set(name, error.message)
      await pair.close()
      if (name === 'ours') throw error
    }
  }
}
