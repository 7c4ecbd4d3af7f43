// Owns the experiments on finding and keeping services while datagrams get lost: the first answers alone, or any.
// Does not own the LAN that they are made on (estate.ts), nor how often, nor what is expected of them.
import type { Family } from '../../src/mdns/types.ts'
import type { Delivery } from '../../src/sim/network.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { Estate, isAnswer } from './estate.ts'

/** Answers of each host that may get lost. */
const FIRST = 3
/** Milliseconds. */
const LONGEST = 20_000
const TIME_TO_FIND = 16_000

/** When the last service was found, in milliseconds; Infinity if it was not. As mDNSResponder is tested. */
export function slowestFound(seed: number, services: number, family: Family): number {
  const estate = new Estate({ seed, hosts: services, families: [family] })
  estate.world.lan.intercept(losesFirstAnswers(seed))
  estate.watch()
  estate.world.runUntil(() => estate.up.size === services, LONGEST)
  return estate.up.size === services ? Math.max(...estate.up.values()) : Number.POSITIVE_INFINITY
}

function losesFirstAnswers(seed: number): (delivery: Delivery) => boolean {
  const random = seededRandom(seed, -1)
  const answers = new Map<string, number>()
  return (delivery) => {
    if (!isAnswer(delivery)) return true
    const before = answers.get(delivery.sender) ?? 0
    answers.set(delivery.sender, before + 1)
    return before >= FIRST || random() >= 0.5
  }
}

/** The share of a hundred services that is found in time, over so many seeds. */
export function foundUnderLoss(loss: number, families: readonly Family[], seeds: number): number {
  let found = 0
  for (let seed = 0; seed < seeds; seed++) {
    const estate = new Estate({ seed, hosts: 100, families })
    estate.lose(loss)
    estate.watch()
    estate.world.runUntil(() => estate.up.size === 100, TIME_TO_FIND)
    found += estate.upWithin(TIME_TO_FIND)
  }
  return found / (100 * seeds)
}

export interface Watch {
  /** Each with four services. */
  readonly hosts: number
  /** Of virtual time. */
  readonly days: number
}

/** How often a service that is there all the time is reported down, per service and day. */
export function falseDowns(loss: number, families: readonly Family[], { hosts, days }: Watch): number {
  const services = 4
  const estate = new Estate({ seed: 1, hosts, services, families })
  estate.watch()
  estate.world.run(TIME_TO_FIND)
  estate.lose(loss)
  estate.world.run(days * 24 * 3_600_000)
  return estate.downs.length / (hosts * services * days)
}
