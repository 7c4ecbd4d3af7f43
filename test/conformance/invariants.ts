// Owns what holds of every datagram of a device that advertises, whatever it is asked: what Apple's test checks all
// along, and RFC 6762 §18.
// Does not own timing, nor what a device has to say in the first place; the scenarios do.
import type { Transmission } from '../../src/sim/network.ts'
import { decode } from '../../src/wire/decode.ts'
import { CLASS_IN, type Message, type Rr, type RrType } from '../../src/wire/types.ts'
import { Ledger } from './ledger.ts'

/** One datagram of the device, and all that came before it. */
export interface Said {
  readonly transmission: Transmission
  readonly message: Message
  readonly records: readonly Rr[]
  /** To a plain resolver, RFC 6762 §6.7. */
  readonly legacy: boolean
  readonly ledger: Ledger
  readonly earlier: readonly Transmission[]
}

/** What is wrong with a datagram, one line each. */
type Invariant = (said: Said) => readonly string[]

const UNIQUE: readonly RrType[] = ['A', 'AAAA', 'SRV', 'TXT', 'NSEC']
const TTLS: Readonly<Partial<Record<RrType, number>>> = { A: 120, AAAA: 120, SRV: 120, NSEC: 120, PTR: 4500, TXT: 4500 }
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.local$/i
const QUERY = 0x0000
const TRUNCATED = 0x0200
const RESPONSE = 0x8400
const LARGEST = { 4: 1_440, 6: 1_232 } as const
const LEGACY_TTL = 10
const META = '_services._dns-sd._udp.local'

const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'R18 idq, R19 idr: the ID is 0': ({ message, legacy }) => (message.id === 0 || legacy ? [] : [`${message.id}`]),

  'R21–R29: of the flags only QR and AA are set, and TC where it may be': ({ transmission: { bytes }, legacy }) => {
    const flags = new DataView(bytes.buffer, bytes.byteOffset).getUint16(2)
    const allowed = [QUERY, TRUNCATED, RESPONSE, ...(legacy ? [RESPONSE | TRUNCATED] : [])]
    return allowed.includes(flags) ? [] : [flags.toString(16)]
  },

  'R30 noqinr: no question in a response': ({ message, legacy }) =>
    message.response && !legacy ? message.questions.map(({ name }) => name) : [],

  'R33 nsinr: nothing in the authority section of a response': ({ message }) =>
    message.response ? message.authorities.map(brief) : [],

  'R49 mask: every record is of class IN, and can be read': ({ message, records }) => [
    ...records.filter((rr) => rr.class !== CLASS_IN).map(brief),
    ...message.skipped,
  ],

  'R126 nodup: no record twice in a packet': ({ records }) => {
    const identities = records.map(identityOf)
    return records.filter((_, i) => identities.indexOf(identities[i] ?? '') !== i).map(brief)
  },

  'R124 flushset: the flush bit on unique records of a response': ({ message, records, legacy }) =>
    message.response && !legacy ? records.filter((rr) => UNIQUE.includes(rr.type) && !rr.flush).map(brief) : [],

  'R183 legflush, R199 prflush: no flush bit on shared records, in queries, to plain resolvers': (said) =>
    said.records.filter((rr) => rr.flush && (!said.message.response || said.legacy || rr.type === 'PTR')).map(brief),

  'R263 ttl120, R264 ttl4500: 120 s for what names a host, 4500 s for the rest': ({ message, records, legacy }) =>
    records.filter((rr) => !hasDueTtl(rr, message.response, legacy)).map(brief),

  'R241 gb: goodbyes are answers': ({ message }) => message.additionals.filter((rr) => rr.ttl === 0).map(brief),

  'R276 hostlabel: names of hosts have letters, digits and hyphens': ({ records }) =>
    records.flatMap(hostNamesOf).filter((name) => !HOST_NAME.test(name)),

  'R40 casepres: a name is always spelt alike': ({ records, ledger }) =>
    records.map(({ name }) => name).filter((name) => ledger.spelling(name) !== name),

  'R159 nsecform: a denial is about its own name': ({ records }) =>
    records.filter((rr) => rr.type === 'NSEC' && rr.next !== rr.name).map(brief),

  'R5 srcr, R55 mtu: from port 5353, to the group or to who asked, whole on every link': ({ transmission }) => {
    const { from, to, viaGroup, family, bytes } = transmission
    const wrong: string[] = []
    if (from.port !== 5353) wrong.push(`from port ${from.port}`)
    if (viaGroup && to.port !== 5353) wrong.push(`to port ${to.port}`)
    if (bytes.length > LARGEST[family]) wrong.push(`${bytes.length} bytes`)
    return wrong
  },

  'R1 grp4: no query but to the group': ({ message, transmission }) =>
    message.response || transmission.viaGroup ? [] : [transmission.to.address],

  'R196 prany, R198 prauth: a probe asks ANY of each name that it proposes records for': ({ message }) => {
    const { response, questions, authorities } = message
    if (response) return []
    const proposed = new Set(authorities.map(({ name }) => name))
    const asked = new Set(questions.map(({ name }) => name))
    const isProbe = ({ type, class: of }: Message['questions'][number]) => type === 'ANY' && of === CLASS_IN
    return [
      ...questions
        .filter((each) => !isProbe(each) || !proposed.has(each.name))
        .map(({ name, type }) => `${type} ${name}`),
      ...authorities.filter(({ name }) => !asked.has(name)).map(brief),
    ]
  },

  'R182 legid: a plain resolver gets back its ID and its questions': ({ message, legacy, transmission, earlier }) => {
    if (!legacy) return []
    const { address, port } = transmission.to
    const asked = earlier
      .filter(({ from }) => from.address === address && from.port === port)
      .map(({ bytes }) => decode(bytes))
    const mine = JSON.stringify([message.id, message.questions])
    return asked.some(({ id, questions }) => JSON.stringify([id, questions]) === mine) ? [] : [mine]
  },

  'R175 addptr: a pointer brings SRV and TXT': ({ message, legacy, transmission: { at }, ledger, records }) =>
    message.response && !legacy
      ? message.answers.flatMap((rr) => {
          if (rr.type !== 'PTR' || rr.ttl === 0 || rr.name === META || !ledger.holds(rr.target)) return []
          const types = (['SRV', 'TXT'] as const).filter(
            (type) => !isThere({ name: rr.target, type }, records, ledger, at),
          )
          return types.map((type) => `${brief(rr)} without ${type}`)
        })
      : [],

  'R176 addsrv: an SRV record brings addresses': ({ message, legacy, transmission: { at }, ledger, records }) =>
    message.response && !legacy
      ? records.flatMap((rr) => {
          if (rr.type !== 'SRV' || rr.ttl === 0 || !ledger.holds(rr.target)) return []
          const has = (['A', 'AAAA'] as const).some((type) => isThere({ name: rr.target, type }, records, ledger, at))
          return has ? [] : [brief(rr)]
        })
      : [],

  'R146 rate250: no record is multicast twice within 250 ms': ({ message, records, transmission, ledger }) => {
    const { viaGroup, at } = transmission
    if (!message.response || !viaGroup) return []
    return records.filter((rr) => rr.ttl > 0 && at - ledger.multicastAt(rr) < 250 - 1e-6).map(brief)
  },
}

/** Everything that is wrong with what a station said. */
export function violationsOf(transcript: readonly Transmission[], station: string): readonly string[] {
  const ledgers = new Map<string, Ledger>()
  return transcript.flatMap((transmission, i) => {
    if (transmission.sender !== station) return []
    const link = `${transmission.network}/${transmission.family}`
    const ledger = ledgers.get(link) ?? new Ledger()
    ledgers.set(link, ledger)
    const message = decode(transmission.bytes)
    const records = [...message.answers, ...message.authorities, ...message.additionals]
    const legacy = transmission.to.port !== 5353
    const said = { transmission, message, records, legacy, ledger, earlier: transcript.slice(0, i) }
    const wrong = Object.entries(INVARIANTS).flatMap(([rule, complaints]) =>
      complaints(said).map((what) => `${transmission.at} ms, ${link}: ${rule}: ${what}`),
    )
    ledger.enter(message, transmission)
    return wrong
  })
}

/** A set that came within the last second need not come again, RFC 6762 §6. */
function isThere(
  set: { readonly name: string; readonly type: RrType },
  records: readonly Rr[],
  ledger: Ledger,
  at: number,
): boolean {
  const isOfSet = ({ name, type }: Rr) => name === set.name && type === set.type
  return records.some(isOfSet) || ledger.multicastWithin(1_000, at).some(isOfSet)
}

function hasDueTtl({ type, ttl }: Rr, response: boolean, legacy: boolean): boolean {
  if (legacy) return ttl <= LEGACY_TTL
  return ttl === TTLS[type] || (response && ttl === 0)
}

function hostNamesOf(rr: Rr): readonly string[] {
  if (rr.type === 'A' || rr.type === 'AAAA') return [rr.name]
  return rr.type === 'SRV' ? [rr.target] : []
}

function identityOf(rr: Rr): string {
  return JSON.stringify({ ...rr, ttl: 0, flush: false }).toLowerCase()
}

function brief({ type, name, ttl }: Rr): string {
  return `${type} ${name} ${ttl}`
}
