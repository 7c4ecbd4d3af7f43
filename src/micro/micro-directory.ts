// Owns the nodes that are known from the links: what was last heard of each, when to ask again, when it runs out.
// Does not own the questions (micro-questions.ts) nor the reading of messages (micro-reading.ts).
import { isDeepStrictEqual } from 'node:util'
import { LINK_GRACE, refreshAt, SECOND, TOPOLOGY_WINDOW } from '../mdns/cadence.ts'
import { NOWHERE, Schedule, type Waiting } from '../mdns/schedule.ts'
import type { Instant, Link, Random } from '../mdns/types.ts'
import { foldAscii, foldName, type Name } from '../wire/name.ts'
import { MICRO_LIMITS } from './limits.ts'
import { idOf } from './micro-name.ts'
import type { Sighting } from './micro-reading.ts'
import type { MicroStep } from './micro-step.ts'
import { decodeMicroTxt, type MicroJson } from './micro-txt.ts'
import type { MicroAddress, MicroNode, MicroReason } from './types.ts'

/** Whoever is there answers at once; three questions get this long, RFC 6762 §10.4. */
const VERIFY_WITHIN = 3 * SECOND
/** What is heard so soon after a goodbye was said before it: nobody who comes back is that quick. */
const GONE_FOR = 200
const LONGEST_TTL = 24 * 60 * 60

interface Entry extends Waiting {
  readonly key: string
  service: string
  id: string
  json: MicroJson
  txt: Uint8Array
  port: number
  /** As it was last told; undefined once it is gone. */
  told: MicroNode | undefined
  /** By interface. */
  readonly heard: Map<string, Sighting['addresses']>
  life: number
  /** When its TTL runs out. */
  heardUntil: Instant
  /** When it runs out, for whatever reason. */
  until: Instant
  /** Questions since it was heard. */
  asked: number
  /** What becomes of it if it is not heard until then. */
  reason: MicroReason
  /** It has said goodbye. */
  left: boolean
}

const NOTHING = new Uint8Array()

export interface DirectoryOptions {
  readonly domain: string
  readonly random: Random
}

export class MicroDirectory {
  readonly #options: DirectoryOptions
  readonly #entries = new Map<string, Entry>()
  readonly #schedule = new Schedule<Entry>()

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  get wakeAt(): Instant {
    return this.#schedule.wakeAt
  }

  /** Of this service, or of all. */
  nodes(service: string | undefined): readonly MicroNode[] {
    const nodes = [...this.#entries.values()].flatMap(({ told }) => told ?? [])
    return service === undefined ? nodes : nodes.filter((node) => node.service === service)
  }

  has(service: string | undefined): boolean {
    return this.nodes(service).length > 0
  }

  /** Takes note of a node if `wants` its service. */
  heard(sighting: Sighting, link: Link, wants: (service: string) => boolean, step: MicroStep): void {
    const key = foldName(sighting.name)
    const entry = this.#entries.get(key) ?? this.#admit(key)
    if (entry === undefined || entry.left || !this.#takeOver(entry, sighting) || !wants(entry.service)) return
    this.#entries.set(key, entry)
    entry.port = sighting.port
    entry.heard.set(link.interface, sighting.addresses)
    entry.life = Math.min(sighting.ttl, LONGEST_TTL) * SECOND
    entry.heardUntil = step.now + entry.life
    entry.until = entry.heardUntil
    entry.asked = 0
    entry.reason = 'expired'
    this.#tell(entry, step)
    this.#arm(entry)
  }

  goodbye(name: Name, step: MicroStep): void {
    const entry = this.#entries.get(foldName(name))
    if (entry === undefined || entry.left) return
    this.#tellGone(entry, 'goodbye', step)
    entry.left = true
    entry.until = step.now + GONE_FOR
    this.#schedule.set(entry, entry.until)
  }

  /** A client could not reach it: it is gone unless it is heard soon. Returns the services to be asked for. */
  doubt(id: string, now: Instant): ReadonlySet<string> {
    const folded = foldAscii(id)
    const doubted = [...this.#entries.values()].filter((entry) => foldAscii(entry.id) === folded)
    for (const entry of doubted) this.#shorten(entry, now + VERIFY_WITHIN, 'verify-failed')
    return new Set(doubted.map(({ service }) => service))
  }

  /** What was heard on an interface that is up no more counts no more, where there is another. */
  setLinks(links: readonly Link[], step: MicroStep): void {
    const up = new Set(links.map((link) => link.interface))
    for (const entry of this.#entries.values()) {
      const gone = [...entry.heard.keys()].filter((on) => !up.has(on))
      if (gone.length === 0 || entry.left) continue
      if (gone.length === entry.heard.size) this.#shorten(entry, step.now + LINK_GRACE, 'expired')
      else for (const on of gone) entry.heard.delete(on)
      this.#tell(entry, step)
    }
  }

  woken(now: Instant): void {
    for (const entry of this.#entries.values()) this.#shorten(entry, now + TOPOLOGY_WINDOW, 'expired')
  }

  /** Nobody wants to know any more. */
  forget(wants: (service: string) => boolean): void {
    for (const entry of this.#entries.values()) if (!wants(entry.service)) this.#delete(entry)
  }

  /** Takes out what has run out, and returns the services that are to be asked for. */
  due(step: MicroStep): ReadonlySet<string> {
    const services = new Set<string>()
    for (const entry of this.#schedule.due(step.now)) {
      if (step.now >= entry.until) {
        this.#remove(entry, entry.reason, step)
        continue
      }
      entry.asked += 1
      services.add(entry.service)
      this.#arm(entry)
    }
    return services
  }

  #admit(key: string): Entry | undefined {
    if (this.#entries.size >= MICRO_LIMITS.nodes) return undefined
    const unknown = { service: '', id: '', json: {}, txt: NOTHING, port: 0, told: undefined }
    return {
      key,
      ...unknown,
      heard: new Map(),
      life: 0,
      heardUntil: 0,
      until: 0,
      asked: 0,
      reason: 'expired',
      left: false,
      place: NOWHERE,
    }
  }

  /** Dots do not tell the id from the service, the TXT record does. False for one that does not fit the name. */
  #takeOver(entry: Entry, { name, txt }: Sighting): boolean {
    if (entry.service !== '' && Buffer.compare(entry.txt, txt) === 0) return true
    const json = decodeMicroTxt(txt)
    const service = json?.service
    const id = typeof service === 'string' ? idOf(name, service, this.#options.domain) : undefined
    if (json === undefined || typeof service !== 'string' || id === undefined) return false
    Object.assign(entry, { service, id, json, txt })
    return true
  }

  #tell(entry: Entry, step: MicroStep): void {
    const { service, id, port, json, told } = entry
    const node = { service, id, port, json, addresses: merged(entry.heard) }
    if (isDeepStrictEqual(told, node)) return
    if (told && told.service !== service) step.events.push({ kind: 'gone', node: told, reason: 'goodbye' })
    entry.told = node
    step.events.push({ kind: 'heard', node })
  }

  #shorten(entry: Entry, until: Instant, reason: MicroReason): void {
    if (until >= entry.until) return
    entry.until = until
    entry.reason = reason
    this.#arm(entry)
  }

  #arm(entry: Entry): void {
    const { heardUntil, life, asked, until } = entry
    this.#schedule.set(entry, Math.min(refreshAt(life, heardUntil, asked, this.#options.random()), until))
  }

  #remove(entry: Entry, reason: MicroReason, step: MicroStep): void {
    this.#delete(entry)
    this.#tellGone(entry, reason, step)
  }

  #tellGone(entry: Entry, reason: MicroReason, step: MicroStep): void {
    if (entry.told) step.events.push({ kind: 'gone', node: entry.told, reason })
    entry.told = undefined
  }

  #delete(entry: Entry): void {
    this.#entries.delete(entry.key)
    this.#schedule.delete(entry)
  }
}

function merged(heard: Entry['heard']): readonly MicroAddress[] {
  return [...heard].flatMap(([on, addresses]) => addresses.map((address) => ({ ...address, interface: on })))
}
