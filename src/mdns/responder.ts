// Owns what the answer to a question is: pure functions of a question and the zone.
// Does not own when the answer leaves, nor to whom (replies.ts).
import { CLASS_ANY, CLASS_IN, type Name, type NsecRr, type Question, type Rr } from '../wire/types.ts'
import { rrKey } from './rr.ts'

/** All that the answers need of the zone. */
export type Records = (name: Name) => readonly Rr[]

/** A record's life if nobody says otherwise: names and addresses of hosts, RFC 6762 §10. */
const HOST_TTL = 120

/**
 * The records that answer a question; an NSEC record if the name is ours but has none of the type. It takes the place
 * of the answer, as RFC 6762 §6.1 leaves open in which section it belongs.
 */
export function answersTo(question: Question, records: Records): readonly Rr[] {
  if (question.class !== CLASS_IN && question.class !== CLASS_ANY) return []
  const owned = records(question.name)
  if (question.type === 'ANY') return owned
  const answers = owned.filter((rr) => rr.type === question.type || rr.type === 'CNAME')
  if (answers.length > 0) return answers
  const denial = denialOf(owned)
  return denial && question.type !== 'NSEC' ? [denial] : []
}

/**
 * The NSEC record of a name whose records are all unique: which types there are, and by that, which there are not.
 * None for shared names, nor where a type does not fit the restricted form, RFC 6762 §6.1.
 */
export function denialOf(owned: readonly Rr[]): NsecRr | undefined {
  const [first] = owned
  if (first === undefined || owned.some((rr) => !rr.flush || rr.type.startsWith('TYPE'))) return undefined
  const types = [...new Set(owned.map((rr) => rr.type))]
  const ttl = Math.min(HOST_TTL, ...owned.map((rr) => rr.ttl))
  return { name: first.name, type: 'NSEC', class: CLASS_IN, flush: true, ttl, next: first.name, types }
}

/** What a querier will ask next, to ride along with an answer, RFC 6763 §12, RFC 6762 §6.2. */
export function additionalsTo(answers: readonly Rr[], records: Records): readonly Rr[] {
  const seen = new Set(answers.map(rrKey))
  const additionals: Rr[] = []
  // Grows while it is walked: an added SRV record brings its target's addresses.
  const sources = [...answers]
  for (const source of sources) {
    for (const rr of companionsOf(source, records)) {
      const key = rrKey(rr)
      if (seen.has(key)) continue
      seen.add(key)
      additionals.push(rr)
      sources.push(rr)
    }
  }
  return additionals
}

function companionsOf(rr: Rr, records: Records): readonly Rr[] {
  switch (rr.type) {
    case 'PTR':
      return records(rr.target).filter((each) => each.type === 'SRV' || each.type === 'TXT')
    case 'SRV':
    case 'CNAME':
      return addressesOf(rr.target, records)
    case 'A':
    case 'AAAA':
      return addressesOf(rr.name, records)
    default:
      return []
  }
}

/** A host's addresses of both families; with those of only one, also the word that there are no others. */
function addressesOf(host: Name, records: Records): readonly Rr[] {
  const owned = records(host)
  const addresses = owned.filter((rr) => rr.type === 'A' || rr.type === 'AAAA')
  const families = new Set(addresses.map((rr) => rr.type))
  const denial = families.size === 1 ? denialOf(owned) : undefined
  return denial ? [...addresses, denial] : addresses
}

/**
 * Leaves out what the querier knows already: a shared record that it lists with at least half of its TTL, and a
 * unique set of which it lists every member so, as a set is sent whole or not at all, RFC 6762 §7.1, §10.2.
 */
export function unknownTo(known: ReadonlyMap<string, number>, answers: readonly Rr[]): readonly Rr[] {
  if (known.size === 0) return answers
  const isKnown = (rr: Rr): boolean => 2 * (known.get(rrKey(rr)) ?? -1) >= rr.ttl
  return answers.filter((rr) => {
    if (!isKnown(rr)) return true
    return rr.flush && answers.some((each) => each.type === rr.type && each.name === rr.name && !isKnown(each))
  })
}
