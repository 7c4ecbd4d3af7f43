// Owns the messages that a go-micro peer says, in the shapes and orders that go-micro's own clients insist on.
// Does not own when they are said (micro-publisher.ts, micro-responder.ts, micro-questions.ts).
import type { Link } from '../mdns/types.ts'
import { isLinkLocal6 } from '../wire/address.ts'
import { encode } from '../wire/encode.ts'
import { CLASS_IN, type Name, type Question, type Rr } from '../wire/types.ts'
import { listedName, type MicroNaming, nodeName, serviceName } from './micro-name.ts'
import type { MicroPublication } from './types.ts'

/** As go-micro has them. */
const PRIORITY = 10
const WEIGHT = 1
/** Of a service in the list, which cannot be reached itself. */
const LIST_PORT = 9_999
const LIST_ADDRESS = '0.0.0.0'
const LIST_TTL = 120

/** A question that wants its answers by multicast, yet gets them by unicast from whoever speaks go-micro. */
export function questionMessage(name: Name, id: number): Uint8Array {
  return encode({ id, questions: [{ name, type: 'PTR', class: CLASS_IN, unicast: false }] })
}

/** The records of a node on a link, in the order in which go-micro can follow them: an address after its SRV. */
export function nodeRecords(
  publication: MicroPublication,
  link: Link,
  naming: MicroNaming,
  ttl: number,
): readonly Rr[] {
  const { id, service, port, txt } = publication
  const name = nodeName(id, service, naming.domain)
  const head = { class: CLASS_IN, flush: false, ttl }
  const addresses = publication.address ? [publication.address] : ownAddresses(link)
  return [
    { ...head, name, type: 'SRV', priority: PRIORITY, weight: WEIGHT, port, target: naming.host },
    ...addresses.map(({ family, address }): Rr => ({ ...head, name: naming.host, type: typeOf(family), address })),
    { ...head, name, type: 'TXT', data: txt },
  ]
}

/** The records of a service in the list of all. */
export function listRecords(service: string, { domain, list, host }: MicroNaming): readonly Rr[] {
  const name = listedName(service, domain)
  const head = { class: CLASS_IN, flush: false, ttl: LIST_TTL }
  return [
    { ...head, name: list, type: 'PTR', target: name },
    { ...head, name, type: 'SRV', priority: PRIORITY, weight: WEIGHT, port: LIST_PORT, target: host },
    { ...head, name: host, type: 'A', address: LIST_ADDRESS },
    { ...head, name, type: 'TXT', data: new Uint8Array() },
  ]
}

export function pointerRecord({ id, service, ttl }: MicroPublication, { domain }: MicroNaming): Rr {
  const target = nodeName(id, service, domain)
  return { name: serviceName(service, domain), type: 'PTR', class: CLASS_IN, flush: false, ttl, target }
}

/**
 * To one who asked, about one node or one service: go-micro takes no answer without its question, and of several nodes
 * in one message the last alone.
 */
export function replyMessage(id: number, question: Question, answers: readonly Rr[]): Uint8Array {
  return encode({ id: question.unicast ? id : 0, response: true, questions: [question], answers }, { legacy: true })
}

/** To all: no question, which go-micro would answer, and not authoritative, as go-micro has it. */
export function announcementMessage(answers: readonly Rr[]): Uint8Array {
  return encode({ response: true, authoritative: false, answers }, { legacy: true })
}

/** One of each family, as go-micro keeps no more; a link-local one only where there is no other. */
function ownAddresses({ addresses }: Link) {
  const four = addresses.find(({ family }) => family === 4)
  const six = addresses.find(({ family, address }) => family === 6 && !isLinkLocal6(address))
  const found = [four, six].filter((own) => own !== undefined)
  return found.length > 0 ? found : addresses.slice(0, 1)
}

function typeOf(family: 4 | 6): 'A' | 'AAAA' {
  return family === 4 ? 'A' : 'AAAA'
}
