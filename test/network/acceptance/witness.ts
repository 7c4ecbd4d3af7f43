// Owns what a plain socket has heard of one wire: every datagram with its size, and the records in it.
// Does not own the socket (test/peers/witness.mjs).
import { decode } from '../../../src/wire/decode.ts'
import { encode } from '../../../src/wire/encode.ts'
import { firstLabel, labelsOf, nameFromText } from '../../../src/wire/name.ts'
import type { Message, Name, Rr } from '../../../src/wire/types.ts'
import { question } from '../../mdns/records.ts'
import { recordsOf } from '../messages.ts'
import type { Program, Said } from './program.ts'

export interface Heard {
  readonly at: number
  readonly size: number
  readonly message: Message
}

const UNREADABLE = decode(new Uint8Array(12))

export class Witness {
  readonly program: Program
  readonly #heard: Heard[] = []
  readonly #records: { readonly at: number; readonly rr: Rr }[] = []
  #read = 0

  constructor(program: Program) {
    this.program = program
  }

  /** In the order in which it came. */
  get heard(): readonly Heard[] {
    for (const said of this.program.said.slice(this.#read)) if (said.event === 'heard') this.#take(heardOf(said))
    this.#read = this.program.said.length
    return this.#heard
  }

  /** Asks the whole link for the instances of a type, as any host may. */
  ask(type: string): void {
    const bytes = encode({ questions: [question(typeName(type), 'PTR')] })
    this.program.order({ order: 'ask', hex: Buffer.from(bytes).toString('hex') })
  }

  /** What was said to be so since a time: no queries, no goodbyes. */
  recordsSince(since: number): readonly Rr[] {
    return this.#said.flatMap(({ at, rr }) => (at >= since ? rr : []))
  }

  /** The instances of a type that somebody pointed to. */
  pointedTo(type: string, since = 0): ReadonlySet<Name> {
    const name = typeName(type)
    const targets = this.recordsSince(since).flatMap((rr) => (rr.type === 'PTR' && rr.name === name ? rr.target : []))
    return new Set(targets)
  }

  /** The same without the type, each as the labels that it consists of. */
  instances(type: string): readonly (readonly string[])[] {
    const rest = labelsOf(typeName(type)).length
    return [...this.pointedTo(type)].map((name) =>
      labelsOf(name)
        .slice(0, -rest)
        .map((label) => Buffer.from(label).toString('utf8')),
    )
  }

  /** When the SRV record of each instance was first heard: it says where a service is. */
  announced(type: string): ReadonlyMap<string, number> {
    const first = new Map<string, number>()
    for (const { at, rr } of this.#said) {
      const name = firstLabel(rr.name)
      if (rr.type === 'SRV' && rr.name.endsWith(`.${typeName(type)}`) && !first.has(name)) first.set(name, at)
    }
    return first
  }

  /** Every address that was told, of any host. */
  get addresses(): ReadonlySet<string> {
    const records = this.recordsSince(0)
    return new Set(records.flatMap((rr) => (rr.type === 'A' || rr.type === 'AAAA' ? rr.address : [])))
  }

  /** The hosts that SRV records name. */
  get hosts(): ReadonlySet<string> {
    return new Set(this.recordsSince(0).flatMap((rr) => (rr.type === 'SRV' ? firstLabel(rr.target) : [])))
  }

  /** Milliseconds since anything came. */
  get quietFor(): number {
    return Date.now() - (this.heard.at(-1)?.at ?? 0)
  }

  get #said() {
    return this.heard.length === 0 ? [] : this.#records
  }

  #take(heard: Heard): void {
    this.#heard.push(heard)
    const { at, message } = heard
    if (!message.response) return
    for (const rr of recordsOf(message)) if (rr.ttl > 0) this.#records.push({ at, rr })
  }
}

function typeName(type: string): Name {
  return nameFromText(`_${type}._tcp.local`)
}

function heardOf({ at, hex = '' }: Said): Heard {
  const bytes = Buffer.from(hex, 'hex')
  return { at, size: bytes.length, message: read(bytes) }
}

function read(bytes: Uint8Array): Message {
  try {
    return decode(bytes)
  } catch {
    return UNREADABLE
  }
}
