// Owns the bench that rules of the querier are measured on: one host under test, one scripted peer, exact time.
// Does not own the simulation (src/sim) nor any expectation.
import type { Host } from '../../src/host/host.ts'
import { Engine } from '../../src/mdns/engine.ts'
import type { Limits } from '../../src/mdns/limits.ts'
import type { Change, DropReason, Family, Heard, Instant } from '../../src/mdns/types.ts'
import type { Peer, PeerSend } from '../../src/sim/peer.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { sameName } from '../../src/wire/name.ts'
import type { Message, Name, Question, Rr, RrType } from '../../src/wire/types.ts'
import { HOST, rdata, TYPE } from '../mdns/records.ts'

export interface RigOptions {
  readonly seed?: number
  readonly families?: readonly Family[]
  /** Whether unicast to port 5353 reaches the host. */
  readonly unicast?: boolean
  readonly limits?: Partial<Limits>
}

/** A datagram that the host sent. */
export interface Sent {
  readonly at: Instant
  readonly network: string
  readonly family: Family
  readonly viaGroup: boolean
  readonly bytes: Uint8Array
  readonly message: Message
}

/** A question in it. */
export interface Asked extends Sent {
  readonly question: Question
}

export class Rig {
  readonly world: World
  readonly host: Host
  readonly peer: Peer
  /** What the host told its client, in short: `+ 198.18.0.9`, `- 8080 goodbye`. */
  readonly news: { readonly at: Instant; readonly what: string }[] = []
  readonly drops: DropReason[] = []

  constructor({ seed = 1, families = [4], unicast = true, limits }: RigOptions = {}) {
    this.world = new World({ seed, families, latency: 0 })
    const engine = new Engine({ random: seededRandom(seed), hostName: 'dut', ...(limits && { limits }) })
    const onError = (error: unknown) => {
      throw error
    }
    this.host = this.world.host({ name: 'dut', unicast, engine, onError })
    this.peer = this.world.peer()
    this.host.on((event) => {
      if (event.kind === 'dropped') this.drops.push(event.reason)
    })
  }

  /** One that has asked for the addresses of `printer.local` and for the services of the type. */
  static interested(seed = 1): Rig {
    const rig = new Rig({ seed })
    rig.ask(HOST, 'A')
    rig.ask(TYPE, 'PTR')
    rig.run(500)
    return rig
  }

  get now(): Instant {
    return this.world.now
  }

  run(ms: number): void {
    this.world.run(ms)
  }

  /** Runs to this instant of the world. */
  runTo(at: Instant): void {
    this.world.clock.runTo(at)
  }

  ask(name: Name, type: RrType): () => void {
    return this.host.ask(name, type, (changes) => {
      for (const change of changes) this.news.push({ at: this.now, what: describe(change) })
    })
  }

  lookup(name: Name, type: RrType): readonly Heard[] {
    return this.host.lookup(name, type)
  }

  /** The rdata of what is known, sorted. */
  known(name: Name, type: RrType): readonly (string | number)[] {
    return this.lookup(name, type)
      .map(({ rr }) => rdata(rr))
      .sort()
  }

  /** Has the peer send a message. */
  say(message: Partial<Message>, send?: PeerSend): void {
    this.peer.send(encode(message), send)
    this.run(0)
  }

  /** Has the peer multicast records. */
  respond(...answers: readonly Rr[]): void {
    this.say({ response: true, answers })
  }

  get sent(): readonly Sent[] {
    const own = this.world.transcript.filter(({ sender }) => sender === 'dut')
    return own.map((each) => ({ ...each, message: decode(each.bytes) }))
  }

  /** Every question of the host for this name and type, in order. */
  asked(name: Name, type: RrType, family?: Family): readonly Asked[] {
    return this.sent
      .filter((sent) => !sent.message.response && (family === undefined || sent.family === family))
      .flatMap((sent) => sent.message.questions.map((question) => ({ ...sent, question })))
      .filter(({ question }) => question.type === type && sameName(question.name, name))
  }

  /** When it was asked. */
  askedAt(name: Name, type: RrType): readonly Instant[] {
    return this.asked(name, type).map(({ at }) => at)
  }
}

function describe(change: Change): string {
  return change.action === 'added' ? `+ ${rdata(change.rr)}` : `- ${rdata(change.rr)} ${change.reason}`
}
