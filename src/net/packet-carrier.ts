// Owns the way through a multicast-dns instance itself, which reads and writes packets, never bytes.
// Does not own the translation (wire/packet.ts), nor how a message is divided that is too large for it (divide.ts).
import type { Clock } from '../host/ports.ts'
import { ECHO_WINDOW } from '../mdns/cadence.ts'
import { LIMITS } from '../mdns/limits.ts'
import type { Endpoint, Family, Instant } from '../mdns/types.ts'
import { decode } from '../wire/decode.ts'
import { bytesOf, bytesReceived, isFaithful, type Packet, packetOf, sizeOf, wireOf } from '../wire/packet.ts'
import type { Message } from '../wire/types.ts'
import { type Carrier, type CarrierListener, type CarrierState, notRunning } from './carrier.ts'
import { divide } from './divide.ts'

/** Each packet is told as one of them. */
const EVENTS = ['query', 'response'] as const
/** RFC 1035 §4.2.1: what every resolver takes. */
const RESOLVER_TAKES = 512

export interface Source extends Endpoint {
  /** Bytes of the datagram. */
  readonly size?: number
}

/** What is used of a multicast-dns instance, an EventEmitter; it speaks in dns-packet's objects. */
export interface MulticastDnsInstance {
  on(event: string | symbol, listener: (...values: unknown[]) => void): unknown
  removeListener(event: string | symbol, listener: (...values: unknown[]) => void): unknown
  query(packet: never, to: never, sent?: never): unknown
  respond(packet: never, to: never, sent?: never): unknown
}

/** What was sent has a size; when an instance is destroyed it tells neither an error nor a size. */
export type Sent = (error?: Error | null, size?: number) => void
/** Both ways of saying something; to the group if `sent` stands in the second place. */
export type Say = (packet: Packet, to: Endpoint | Sent, sent?: Sent) => unknown

interface Echo {
  /** The whole datagram, with the first of its parts; nothing with the others. */
  readonly bytes: Uint8Array | undefined
  readonly at: Instant
}

export class PacketCarrier implements Carrier {
  readonly #instance: MulticastDnsInstance
  readonly #limit: number
  readonly #clock: Clock
  /** What we receive for what we send, if that is not the same, by its bytes. */
  readonly #echoes = new Map<string, Echo>()
  #on: CarrierListener | undefined
  #destroyed = false

  constructor(instance: MulticastDnsInstance, family: Family, clock: Clock) {
    this.#instance = instance
    this.#limit = family === 4 ? LIMITS.datagramOut4 : LIMITS.datagramOut6
    this.#clock = clock
  }

  /** The instance keeps what it is given until it is bound. */
  get state(): CarrierState {
    return this.#destroyed ? 'closed' : 'open'
  }

  listen(on: CarrierListener): void {
    this.#on = on
    for (const event of EVENTS) this.#instance.on(event, this.#received)
  }

  unlisten(): void {
    this.#on = undefined
    for (const event of EVENTS) this.#instance.removeListener(event, this.#received)
  }

  send(bytes: Uint8Array, to: 'group' | Endpoint, done: (error: Error | null) => void): void {
    const whole = withoutUnicast(decode(bytes))
    const message = isFaithful(whole) ? whole : faithfulPart(whole)
    const isReply = message.response && message.questions.length > 0
    const limit = isReply ? Math.max(RESOLVER_TAKES, bytes.length) : this.#limit
    const parts = isEmpty(message) ? [] : divide(message, (part) => sizeOf(packetOf(part)) <= limit)
    const landing = new Landing(parts.length, message === whole ? null : inexpressible(), done)
    for (const [index, part] of parts.entries()) {
      const packet = packetOf(part)
      if (to === 'group') this.#expect(bytes, packet, index)
      this.#say(packet, to, (error, size) => {
        if (!error && size === undefined) this.#close()
        landing.land(error ?? (this.#destroyed ? notRunning() : null))
      })
    }
  }

  #say(packet: Packet, to: 'group' | Endpoint, sent: Sent): void {
    const instance = this.#instance as unknown as { readonly query: Say; readonly respond: Say }
    const verb = packet.type === 'response' ? 'respond' : 'query'
    if (to === 'group') instance[verb](packet, sent)
    else instance[verb](packet, { ...to }, sent)
  }

  /** The engine knows its own datagrams by their bytes, so they have to come back as they went. */
  #expect(bytes: Uint8Array, packet: Packet, index: number): void {
    const back = bytesReceived(wireOf(packet))
    if (back === undefined || (index === 0 && Buffer.compare(back, bytes) === 0)) return
    const now = this.#clock.now()
    const key = keyOf(back)
    this.#echoes.delete(key)
    for (const [old, { at }] of this.#echoes) {
      if (now - at <= ECHO_WINDOW && this.#echoes.size < LIMITS.echoes) break
      this.#echoes.delete(old)
    }
    this.#echoes.set(key, { bytes: index === 0 ? bytes : undefined, at: now })
  }

  readonly #received = (packet: unknown, from: unknown): void => {
    const bytes = this.#read(packet as Packet, from as Source)
    if (bytes) this.#on?.received(bytes, from as Source)
  }

  /** Nothing, for what is no message, and for all but the first of several parts of what we sent. */
  #read(packet: Packet, from: Source): Uint8Array | undefined {
    try {
      if ((from.size ?? 0) > LIMITS.datagramIn) return undefined
      const bytes = bytesOf(packet)
      const echo = this.#echoes.size > 0 ? this.#echoes.get(keyOf(bytes)) : undefined
      return echo && this.#clock.now() - echo.at <= ECHO_WINDOW ? echo.bytes : bytes
    } catch {
      // Nothing that a peer sends may throw into the instance.
      return undefined
    }
  }

  #close(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#on?.changed()
  }
}

/** Tells once, when the last of several has landed, whether any of them failed. */
class Landing {
  #waiting: number
  #failure: Error | null
  readonly #done: (error: Error | null) => void

  constructor(count: number, failure: Error | null, done: (error: Error | null) => void) {
    this.#waiting = count
    this.#failure = failure
    this.#done = done
    if (count === 0) done(failure)
  }

  land(error: Error | null): void {
    this.#failure ??= error
    this.#waiting -= 1
    if (this.#waiting === 0) this.#done(this.#failure)
  }
}

/** A packet has no room for it. Answers to the group are as good. */
function withoutUnicast(message: Message): Message {
  return { ...message, questions: message.questions.map((question) => ({ ...question, unicast: false })) }
}

/** Nothing may leave that means something else; what cannot be said is left out. */
function faithfulPart(message: Message): Message {
  const none = { ...message, questions: [], answers: [], authorities: [], additionals: [] }
  return {
    ...message,
    questions: message.questions.filter((question) => isFaithful({ ...none, questions: [question] })),
    answers: message.answers.filter((rr) => isFaithful({ ...none, answers: [rr] })),
    authorities: message.authorities.filter((rr) => isFaithful({ ...none, authorities: [rr] })),
    additionals: message.additionals.filter((rr) => isFaithful({ ...none, additionals: [rr] })),
  }
}

function isEmpty({ questions, answers, authorities, additionals }: Message): boolean {
  return questions.length + answers.length + authorities.length + additionals.length === 0
}

function inexpressible(): Error {
  return new Error('a name that multicast-dns cannot express was left out; give its socket to both, and none is')
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
