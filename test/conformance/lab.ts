// Owns the laboratory of the responder's tests: a host that publishes one service, a scripted peer, exact time.
// Does not own any rule; the tests say what has to be heard and when.

import type { Host } from '../../src/host/host.ts'
import type { HostEvent } from '../../src/host/host-event.ts'
import type { Family, Publication, Site } from '../../src/mdns/types.ts'
import type { Arrival, Peer, PeerSend } from '../../src/sim/peer.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { joinName, type Name, nameFromText } from '../../src/wire/name.ts'
import {
  CLASS_IN,
  type Message,
  type Question,
  type QuestionType,
  type Rr,
  type Section,
} from '../../src/wire/types.ts'

export const HOST = nameFromText('dut-host.local')
export const TYPE = nameFromText('_http._tcp.local')
export const SUBTYPE = nameFromText('_printer._sub._http._tcp.local')
export const INSTANCE = nameFromText('Test Svc._http._tcp.local')
export const SETTLED = 5_000
/** The address of the host on the default network, as it is the first station there. */
export const ADDRESS = '198.18.0.1'

export function instanceAt(label: string, attempt = 0): Name {
  return joinName(attempt === 0 ? label : `${label} (${attempt + 1})`, TYPE)
}

interface ServiceOptions {
  readonly port?: number
  readonly txt?: string
  readonly id?: string
}

/** A service as DNS-SD has it: pointers for type and subtype, an SRV and a TXT record. */
export function service(
  label = 'Test Svc',
  { port = 8080, txt = 'a=1', id = label }: ServiceOptions = {},
): Publication {
  const records = ({ host, attempt }: Site): readonly Rr[] => {
    const name = instanceAt(label, attempt)
    return [ptr(TYPE, name), ptr(SUBTYPE, name), srv(name, { port, target: host }), text(name, txt)]
  }
  return { id, needsHost: true, records }
}

export function ptr(name: Name, target: Name, ttl = 4500): Rr {
  return { type: 'PTR', name, class: CLASS_IN, flush: false, ttl, target }
}

export function srv(name: Name, { port = 8080, target = HOST, ttl = 120 } = {}): Rr {
  return { type: 'SRV', name, class: CLASS_IN, flush: true, ttl, priority: 0, weight: 0, port, target }
}

export function text(name: Name, value = 'a=1', ttl = 4500): Rr {
  const data = new Uint8Array([value.length, ...new TextEncoder().encode(value)])
  return { type: 'TXT', name, class: CLASS_IN, flush: true, ttl, data }
}

export function a(name: Name, address: string, ttl = 120): Rr {
  return { type: 'A', name, class: CLASS_IN, flush: true, ttl, address }
}

export function opaque(name: Name, number: number, data: readonly number[] = [1], ttl = 120): Rr {
  return { type: `TYPE${number}`, name, class: CLASS_IN, flush: true, ttl, data: new Uint8Array(data) }
}

export function question(name: Name, type: QuestionType, unicast = false): Question {
  return { name, type, class: CLASS_IN, unicast }
}

/** A datagram that the peer heard; `after` counts from the start of the listening. */
export interface Heard {
  readonly after: number
  readonly viaGroup: boolean
  readonly family: Family
  readonly port: number
  readonly network: string
  readonly bytes: Uint8Array
  readonly message: Message
}

export interface LabOptions {
  readonly seed?: number
  readonly families?: readonly Family[]
  readonly unicast?: boolean
  /** Default: the test service alone. */
  readonly publications?: readonly Publication[]
}

export class Lab {
  readonly world: World
  readonly dut: Host
  readonly peer: Peer
  readonly events: HostEvent[] = []
  readonly errors: unknown[] = []

  /** One that has just begun to publish. */
  constructor(options: LabOptions = {}) {
    const { seed = 1, families = [4], unicast = true, publications = [service()] } = options
    this.world = new World({ seed, families, latency: 0 })
    this.dut = this.world.host({ name: 'dut-host', unicast, onError: (error) => this.errors.push(error) })
    this.dut.on((event) => this.events.push(event))
    this.peer = this.world.peer({ name: 'peer' })
    for (const publication of publications) this.dut.publish(publication)
  }

  /** Probing and announcing are over, and nothing was multicast for two seconds and more. */
  static settled(options: LabOptions = {}): Lab {
    const lab = new Lab(options)
    lab.world.run(SETTLED)
    return lab
  }

  say(message: Partial<Message>, send: PeerSend = {}): void {
    this.peer.send(encode(message), send)
  }

  ask(questions: Question | readonly Question[], message: Partial<Message> = {}, send: PeerSend = {}): void {
    this.say({ questions: [questions].flat(), ...message }, send)
  }

  respond(answers: readonly Rr[], message: Partial<Message> = {}, send: PeerSend = {}): void {
    this.say({ response: true, answers, ...message }, send)
  }

  /** Another host's probe. */
  probe(name: Name, authorities: readonly Rr[], send: PeerSend = {}): void {
    this.say({ questions: [question(name, 'ANY')], authorities: authorities.map(unflushed) }, send)
  }

  /** What the peer hears in the next `ms` milliseconds. */
  listen(ms: number): readonly Heard[] {
    const start = this.world.now
    const first = this.peer.heard.length
    this.world.run(ms)
    return this.peer.heard.slice(first).map((arrival) => heardOf(arrival, start))
  }

  /** Does something at each probe of the host that asks for the name. */
  onProbe(name: Name | undefined, react: (probe: Message, arrival: Arrival) => void): void {
    this.peer.onHear = (arrival) => {
      const message = decode(arrival.bytes)
      if (message.response || message.authorities.length === 0) return
      if (name === undefined || message.questions.some((each) => each.name === name)) react(message, arrival)
    }
  }

  /** Answers every probe for a service instance or a host with a record that contradicts it. */
  deny(isDenied: (name: Name) => boolean): void {
    this.onProbe(undefined, ({ questions }, { family }) => {
      const answers = questions.filter(({ name }) => isDenied(name)).map(({ name }) => text(name, 'not yours'))
      if (answers.length > 0) this.respond(answers, {}, { family })
    })
  }
}

function heardOf({ at, viaGroup, family, to, network, bytes }: Arrival, start: number): Heard {
  return { after: at - start, viaGroup, family, port: to.port, network, bytes, message: decode(bytes) }
}

export function unflushed(rr: Rr): Rr {
  return { ...rr, flush: false }
}

export function probesOf(heard: readonly Heard[], name?: Name): readonly Heard[] {
  return heard.filter(({ message }) => {
    if (message.response || message.authorities.length === 0) return false
    return name === undefined || message.questions.some((each) => each.name === name)
  })
}

export function responsesOf(heard: readonly Heard[]): readonly Heard[] {
  return heard.filter(({ message }) => message.response)
}

const SECTIONS: readonly Section[] = ['answers', 'authorities', 'additionals']

export function recordsOf(heard: Heard, ...sections: readonly Section[]): readonly Rr[] {
  return (sections.length > 0 ? sections : SECTIONS).flatMap((section) => heard.message[section])
}

/** The times at which a record of this name and type came in a response, goodbyes left out. */
export function timesOf(heard: readonly Heard[], name: Name, type: Rr['type']): readonly number[] {
  const has = (each: Heard) => recordsOf(each).some((rr) => rr.name === name && rr.type === type && rr.ttl > 0)
  return responsesOf(heard)
    .filter(has)
    .map(({ after }) => after)
}

export function timesOfProbes(heard: readonly Heard[], name: Name): readonly number[] {
  return probesOf(heard, name).map(({ after }) => after)
}

/** The gaps between the probes for a name, to the microsecond. */
export function gapsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, i) => Math.round((time - (times[i] ?? 0)) * 1_000) / 1_000)
}

/** `TXT Test Svc._http._tcp.local`, with a `!` where the cache-flush bit is set and the TTL at its end. */
export function brief({ type, name, flush, ttl }: Rr): string {
  return `${type}${flush ? '!' : ''} ${name} ${ttl}`
}

/** The records of the one response to these questions, from a host that is settled. */
export function replyTo(questions: Question | readonly Question[], options: LabOptions = {}, family: 4 | 6 = 4) {
  const lab = Lab.settled(options)
  lab.ask(questions, {}, { family })
  const [reply, ...more] = responsesOf(lab.listen(1_000))
  if (more.length > 0) throw new Error(`${more.length + 1} responses where one was expected`)
  return {
    answers: reply ? recordsOf(reply, 'answers') : [],
    additionals: reply ? recordsOf(reply, 'additionals') : [],
  }
}
