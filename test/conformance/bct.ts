// Owns the set-up of Apple's conformance test: a device that advertises one service, a tester that denies, asks and
// listens, and after each test the invariants held against every datagram that the device sent.
// Does not own any scenario.
import { expect, onTestFinished } from 'vitest'
import type { Advertisement } from '../../src/dnssd/advertisement.ts'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import type { Family } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { joinName, type Name, nameFromText } from '../../src/wire/name.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import { violationsOf } from './invariants.ts'
import { a, type Heard, HOST, INSTANCE, Lab, probesOf, recordsOf, responsesOf, srv, TYPE } from './lab.ts'

export const META = nameFromText('_services._dns-sd._udp.local')
/** An address against which a simultaneous probe of the device loses, and one against which it wins. */
export const LATER = '198.19.255.255'
export const EARLIER = '198.18.0.0'

export interface BctOptions {
  readonly seed?: number
  readonly families?: readonly Family[]
  readonly unicast?: boolean
}

export class Bct extends Lab {
  readonly dnssd: Dnssd
  readonly advertisement: Advertisement

  constructor({ seed = 1, families = [4], unicast = true }: BctOptions = {}) {
    super({ seed, families, unicast, publications: [] })
    this.dnssd = new Dnssd(this.dut, { random: seededRandom(seed) })
    this.advertisement = this.dnssd.advertise({ name: 'Test Svc', type: '_http._tcp', port: 8080, txt: { a: '1' } })
    onTestFinished(() => {
      expect(violationsOf(this.world.transcript, 'dut-host')).toEqual([])
      expect(this.errors).toEqual([])
    })
  }

  /** The device has its names, and was silent for two seconds and more. */
  static announced(options: BctOptions = {}): Bct {
    const bct = new Bct(options)
    bct.world.run(5_000)
    return bct
  }

  /** Answers each probe for a name that is denied with the record that `contradict` makes of the name. */
  contradict(isDenied: (name: Name) => boolean, contradict: (name: Name) => Rr): void {
    this.onProbe(undefined, ({ questions }, { family }) => {
      const answers = questions
        .map(({ name }) => name)
        .filter(isDenied)
        .map(contradict)
      if (answers.length > 0) this.respond(answers, {}, { family })
    })
  }
}

/** Option `c`: as it is, and with the case of every letter changed. */
export const CASES = [
  { written: 'as the device has it', spell: (name: Name): Name => name },
  { written: 'with changed case', spell: otherCase },
] as const

export function otherCase(name: Name): Name {
  const other = [...name].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
  return nameFromText(other.join(''))
}

/** A record that contradicts those of a name: an address for a host, an SRV record for an instance. */
export function contradiction(name: Name): Rr {
  return isHost(name) ? a(name, LATER) : srv(name, { port: 1, target: nameFromText('bct.local') })
}

export function isHost(name: Name): boolean {
  return name.split('.').length === 2
}

export function isInstance(name: Name): boolean {
  return !isHost(name)
}

/** `dut-host.local`, `dut-host-2.local` … */
export function hostAt(attempt: number): Name {
  return attempt === 0 ? HOST : joinName(`dut-host-${attempt + 1}`, nameFromText('local'))
}

/** What was probed for, in order, each name as often as it was. */
export function namesProbed(heard: readonly Heard[], isWanted: (name: Name) => boolean): readonly Name[] {
  return probesOf(heard).flatMap(({ message }) => message.questions.map(({ name }) => name).filter(isWanted))
}

/** How often each record of the device was announced; the least of these numbers is what Apple's test looks at. */
export function timesAnnounced(heard: readonly Heard[], { host = HOST, instance = INSTANCE } = {}): number {
  const answers = responsesOf(heard)
    .filter(({ viaGroup }) => viaGroup)
    .map((each) => recordsOf(each, 'answers').filter(({ ttl }) => ttl > 0))
  const count = (test: (rr: Rr) => boolean) => answers.filter((records) => records.some(test)).length
  return Math.min(
    count((rr) => rr.type === 'A' && rr.name === host),
    count((rr) => rr.type === 'SRV' && rr.name === instance && rr.target === host),
    count((rr) => rr.type === 'TXT' && rr.name === instance),
    count((rr) => rr.type === 'PTR' && rr.name === TYPE && rr.target === instance),
    count((rr) => rr.type === 'PTR' && rr.name === META && rr.target === TYPE),
  )
}

/** Sends a probe of the tester's own whenever the device begins to probe for a name, once for each of them. */
export function probeBeside(bct: Bct, name: Name, proposed: readonly Rr[]): void {
  let done = false
  bct.onProbe(name, (_probe: Message, { family }) => {
    if (done) return
    done = true
    bct.probe(proposed[0]?.name ?? name, proposed, { family })
  })
}
