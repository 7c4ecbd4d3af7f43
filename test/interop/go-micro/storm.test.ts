// A minute beside each other: go-micro answers answers and asks after what it does not understand, so that whoever says
// the wrong thing has it fill the link for ever.
import { afterAll, describe, expect, test } from 'vitest'
import { encode } from '../../../src/wire/encode.ts'
import { type Name, nameFromText } from '../../../src/wire/name.ts'
import { CLASS_IN, type Question } from '../../../src/wire/types.ts'
import { type Datagram, type Packet, passed } from '../../network/observer.ts'
import type { SiteHost } from '../../network/site-host.ts'
import { MAJORS, type Major, missing } from './go-micro.ts'
import { MicroLan } from './micro-lan.ts'
import type { Program } from './program.ts'
import { given } from './services.ts'

const MINUTE = 60_000
const SECOND = 1_000
/** When a stranger says things that start a storm, and for how long what comes of it is counted. */
const POKED_AT = 20_000
const POKED_FOR = 3_000
/**
 * What two of go-micro's and two of ours say on three hosts, in packets on the wire. Measured are up to 490 in the
 * whole minute, half of them in the first four seconds and up to 120 in one of those, and 32 because of the stranger.
 * Nobody says anything in the last 25 seconds. One storm is thousands a second.
 */
const MOST = { inTheMinute: 900, inOneSecond: 200, afterThePoke: 120, atLast: 30 }
const AT_LAST = 25_000

const SHARED = '198.18.0.1'
const THEIRS = '198.18.0.2'
const OWN = '198.18.0.3'
const STRANGER = '198.18.0.9'
const BOTH = { wire: ['dns-sd', 'go-micro'] } as const
const MDNS_PORT = 5353

const lans: MicroLan[] = []

afterAll(() => Promise.all(lans.map((lan) => lan.close())))

describe.skipIf(missing).concurrent.each(MAJORS)('two of go-micro %s and two of ours', (major) => {
  test('hazards 1 and 2: say little in a minute, whatever a stranger says', { timeout: 2 * MINUTE }, async () => {
    const { hosts, own, programs, observer, stranger } = await neighbours(major)
    const before = sentBy(hosts)
    const began = Date.now()
    await registerAll(programs)
    await passed(began + POKED_AT)
    await stranger.send(...pokes())
    await passed(began + MINUTE)

    const heard = observer.heard.filter(({ time }) => time >= began)
    const within = (from: number, to: number) => count(heard, began + from, began + to)
    const seconds = Array.from({ length: MINUTE / SECOND }, (_, at) => within(at * SECOND, (at + 1) * SECOND))
    const said = `${heard.length} packets, by seconds: ${seconds.join(' ')}`
    expect(heard.length, said).toBeLessThan(MOST.inTheMinute)
    expect(Math.max(...seconds), said).toBeLessThan(MOST.inOneSecond)
    expect(within(POKED_AT, POKED_AT + POKED_FOR), said).toBeLessThan(MOST.afterThePoke)
    expect(within(MINUTE - AT_LAST, MINUTE), said).toBeLessThan(MOST.atLast)
    // What is said to oneself is on no wire, but it is counted.
    expect(sentBy(hosts) - before, said).toBeLessThan(MOST.inTheMinute)
    // go-micro has answered what it took for a question of ours, which is where a storm would begin.
    const isBait = ({ destination, dport, message }: Packet) =>
      destination === OWN && dport === MDNS_PORT && message.response
    expect(heard.filter(isBait).length).toBeGreaterThan(1)
    expectHarmless(heard.filter((packet) => packet.interface === own))
    for (const program of programs) expectKnown(program)
  })
})

/** One host for ours and go-micro's, one for go-micro's alone, and one for ours alone; and one for whoever pokes. */
async function neighbours(major: Major) {
  const lan = new MicroLan()
  lans.push(lan)
  const [shared, theirs] = [lan.host('shared', `${SHARED}/24`), lan.host('theirs', `${THEIRS}/24`)]
  const [ours, strange] = [lan.host('own', `${OWN}/24`), lan.host('stranger', `${STRANGER}/24`)]
  const hosts = [shared, theirs, ours]
  const [observer, stranger] = await Promise.all([lan.observe(...hosts), lan.observeFrom(strange)])
  const programs = await Promise.all([
    lan.go(major, shared),
    lan.go(major, theirs),
    lan.ours(shared, BOTH),
    lan.ours(ours, BOTH),
  ])
  return { hosts, own: lan.portOf(ours), programs, observer, stranger }
}

async function registerAll(programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map((program) => program.watch()))
  const addresses = [SHARED, THEIRS, SHARED, OWN]
  await Promise.all(
    programs.map((program, at) =>
      program.register(given(`service-${at}`, '1', { id: `node-${at}`, address: `${addresses[at]}:80${at}` })),
    ),
  )
}

/** Said from port 5353, and some of it in the name of others: whoever answers it is answered in turn. */
function pokes(): readonly Datagram[] {
  const [go, ours] = ['service-1.micro', 'service-3.micro'].map((text) => question(nameFromText(text)))
  const [list, types] = ['_services.micro', '_services._dns-sd._udp.local'].map((text) => question(nameFromText(text)))
  if (!go || !ours || !list || !types) throw new Error('unreachable')
  const pointer = (at: Question, target: string) => {
    return {
      name: at.name,
      type: 'PTR',
      class: CLASS_IN,
      flush: false,
      ttl: 120,
      target: nameFromText(target),
    } as const
  }
  const answer = (to: Question, target: string) =>
    encode({ response: true, questions: [to], answers: [pointer(to, target)] }, { legacy: true })
  return [
    say(OWN, encode({ questions: [go] })),
    say(OWN, encode({ questions: [list] })),
    say(STRANGER, encode({ questions: [ours, go, list, types] })),
    say(STRANGER, answer(go, 'node-1.service-1.micro')),
    say(THEIRS, answer(ours, 'node-3.service-3.micro')),
    say(STRANGER, answer(types, '_unheard-of._tcp.local')),
    say(STRANGER, encode({ response: true, answers: [pointer(ours, 'node-9.service-3.micro')] })),
  ]
}

function question(name: Name): Question {
  return { name, type: 'PTR', class: CLASS_IN, unicast: false }
}

function say(source: string, bytes: Uint8Array): Datagram {
  const to = { destination: '224.0.0.251', dport: MDNS_PORT, mac: '', ttl: 255 }
  return { bytes, interface: 'lan0', source, sport: MDNS_PORT, ...to, at: 0 }
}

function count(packets: readonly Packet[], from: number, to: number): number {
  return packets.filter(({ time }) => time >= from && time < to).length
}

/** In datagrams. */
function sentBy(hosts: readonly SiteHost[]): number {
  return hosts.reduce((sum, host) => sum + host.sent(), 0)
}

/** What go-micro is asked is never asked from port 5353, and no answer that goes there or to all has a question. */
function expectHarmless(packets: readonly Packet[]): void {
  const isMicro = ({ name }: Question) => name.endsWith('.micro')
  const asked = packets.filter(({ message, sport }) => !message.response && sport === MDNS_PORT)
  expect(asked.filter(({ message }) => message.questions.some(isMicro))).toEqual([])
  const toAll = packets.filter(({ message, multicast }) => message.response && multicast)
  expect(toAll.filter(({ message }) => message.questions.length > 0)).toEqual([])
  const toTheEngine = packets.filter(
    ({ message, dport, multicast }) => message.response && dport === MDNS_PORT && !multicast,
  )
  expect(toTheEngine.filter(({ message }) => message.questions.length > 0)).toEqual([])
  expect(asked.length + toAll.length).toBeGreaterThan(0)
}

/** Nothing is gone, and all are known. */
function expectKnown({ watched }: Program): void {
  expect(watched.filter(({ action }) => action === 'delete')).toEqual([])
  const ids = watched.flatMap(({ service }) => service.nodes ?? []).map(({ id }) => id)
  for (let at = 0; at < 4; at++) expect(ids).toContain(`node-${at}`)
}
