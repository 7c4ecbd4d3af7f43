// Owns the division of a message that was packed for compression, and is too large for those who write without.
// Does not own what goes into a message (mdns/pack.ts), nor how large it is.
import { groupBy } from '../mdns/group-by.ts'
import { foldName, sameName } from '../wire/name.ts'
import type { Message, Rr } from '../wire/types.ts'

export type Fits = (message: Message) => boolean

/** Messages that together say what this one says. One that cannot be divided any more may still not fit. */
export function divide(message: Message, fits: Fits): readonly Message[] {
  if (fits(message)) return [message]
  if (!message.response) return divideQuery(message, fits)
  return message.questions.length > 0 ? [shortened(message, fits)] : divideResponse(message, fits)
}

/**
 * Records of one service stay together, and additionals with the answers that lead to them, be it twice: there are
 * readers that know no more than the datagram at hand.
 */
function divideResponse(message: Message, fits: Fits): readonly Message[] {
  const { answers, additionals } = message
  if (answers.length < 2) return divideAdditionals(message, fits)
  const services = [...groupBy(answers, serviceOf).values()]
  const parts = services.length > 1 ? services : answers.map((rr) => [rr])
  const first = parts.slice(0, parts.length >> 1).flat()
  const second = parts.slice(parts.length >> 1).flat()
  const withFirst = ledTo(first, additionals)
  const alsoSecond = ledTo(second, additionals)
  const withSecond = additionals.filter((rr) => alsoSecond.includes(rr) || !withFirst.includes(rr))
  return [
    ...divide({ ...message, answers: first, additionals: withFirst }, fits),
    ...divide({ ...message, answers: second, additionals: withSecond }, fits),
  ]
}

/** Additionals that do not fit become answers themselves, so that none is missing. */
function divideAdditionals(message: Message, fits: Fits): readonly Message[] {
  const { answers, additionals } = message
  if (additionals.length === 0) return [message]
  if (answers.length === 0) return divide({ ...message, answers: additionals, additionals: [] }, fits)
  let count = additionals.length - 1
  while (count > 0 && !fits({ ...message, additionals: additionals.slice(0, count) })) count--
  const others = { ...message, answers: additionals.slice(count), additionals: [] }
  return [{ ...message, additionals: additionals.slice(0, count) }, ...divide(others, fits)]
}

function serviceOf(rr: Rr): string {
  return foldName(rr.type === 'PTR' ? rr.target : rr.name)
}

/** The additionals at a name that the records have or point to, or that such an additional points to. */
function ledTo(records: readonly Rr[], additionals: readonly Rr[]): readonly Rr[] {
  const names = new Set(records.flatMap(namesOf))
  let known = 0
  while (known < names.size) {
    known = names.size
    for (const rr of additionals) if (names.has(foldName(rr.name))) for (const name of namesOf(rr)) names.add(name)
  }
  return additionals.filter((rr) => names.has(foldName(rr.name)))
}

function namesOf(rr: Rr): readonly string[] {
  return [foldName(rr.name), ...('target' in rr ? [foldName(rr.target)] : [])]
}

/** RFC 6762 §6.7: one query gets one reply, and whoever misses something may ask again. */
function shortened(message: Message, fits: Fits): Message {
  const without = { ...message, additionals: [] }
  return fits(without) ? without : { ...without, answers: [], truncated: true }
}

/** A question stays with its known answers, and with the records proposed in a probe, RFC 6762 §7.1, §8.2. */
function divideQuery(message: Message, fits: Fits): readonly Message[] {
  const { questions, authorities } = message
  if (questions.length < 2) return authorities.length > 0 ? [message] : chained(message, fits)
  const first = questions.slice(0, questions.length >> 1)
  const belongs = (rr: Rr): boolean => first.some(({ name }) => sameName(name, rr.name))
  const half = (own: boolean) => ({
    ...message,
    questions: own ? first : questions.slice(questions.length >> 1),
    answers: message.answers.filter((rr) => belongs(rr) === own),
    authorities: authorities.filter((rr) => belongs(rr) === own),
  })
  return [...divide(half(true), fits), ...divide(half(false), fits)]
}

/** Known answers that need several datagrams, all but the last truncated, RFC 6762 §7.2. */
function chained(message: Message, fits: Fits): readonly Message[] {
  const chain: Message[] = []
  let link: Message = { ...message, answers: [], truncated: true }
  for (const rr of message.answers) {
    const longer = { ...link, answers: [...link.answers, rr] }
    if (!fits(longer) && link.questions.length + link.answers.length > 0) {
      chain.push(link)
      link = { ...link, questions: [], answers: [rr] }
    } else link = longer
  }
  return [...chain, { ...link, truncated: message.truncated }]
}
