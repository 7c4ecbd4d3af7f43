// Owns a simulated LAN with a host that speaks go-micro's protocol, and a peer that says what a Go program would.
// Does not own any expectation.
import type { MicroHost, MicroHostEvent } from '../../src/micro/micro-host.ts'
import { namingOf, nodeName, serviceName } from '../../src/micro/micro-name.ts'
import { encodeMicroTxt } from '../../src/micro/micro-txt.ts'
import type { MicroPublication } from '../../src/micro/types.ts'
import type { Arrival, Peer } from '../../src/sim/peer.ts'
import { World } from '../../src/sim/world.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { CLASS_IN, type Message, type Name, type QuestionType, type Rr } from '../../src/wire/types.ts'

export const SECOND = 1_000
export const GREETER = serviceName('greeter', 'micro')
export const LIST = namingOf('micro', 'x').list
/** From where Go programs ask. */
export const EPHEMERAL = 40_000

export interface Heard extends Arrival {
  readonly message: Message
}

export class MicroLan {
  readonly world: World
  readonly host: MicroHost
  readonly go: Peer
  readonly events: MicroHostEvent[] = []
  /** What the host has come to grief over. */
  readonly errors: unknown[] = []

  constructor(options: { readonly domain?: string; readonly world?: World } = {}) {
    this.world = options.world ?? new World({ families: [4], latency: 0.5 })
    this.host = this.world.microHost({
      name: 'ours',
      onError: (error) => this.errors.push(error),
      ...(options.domain && { domain: options.domain }),
    })
    this.go = this.world.peer({ name: 'go' })
    this.host.on((event) => this.events.push(event))
  }

  /** What the Go peer has heard since the last call. */
  take(): readonly Heard[] {
    return this.go.heard.splice(0).map((arrival) => ({ ...arrival, message: decode(arrival.bytes) }))
  }

  /** The Go peer asks, from the port that its programs ask from unless another is given. */
  ask(name: Name, type: QuestionType = 'PTR', { port = EPHEMERAL, id = 7, unicast = false } = {}): void {
    this.go.send(encode({ id, questions: [{ name, type, class: CLASS_IN, unicast }] }), { from: { port } })
  }

  /** The Go peer says something to all, or to whoever asked from that port. */
  say(answers: readonly Rr[], to?: Arrival): void {
    const bytes = encode({ response: true, answers }, { legacy: true })
    this.go.send(bytes, to ? { to: { address: to.from.address, port: to.from.port } } : {})
  }

  /** From now on the Go peer answers for this node whenever its service is asked for. */
  serve(records: readonly Rr[], name: Name = GREETER): void {
    this.go.onHear = (arrival) => {
      const { response, questions } = decode(arrival.bytes)
      if (!response && questions[0]?.name === name) this.say(records, arrival)
    }
  }

  run(ms: number): void {
    this.world.run(ms)
  }

  /** The questions that the host has asked so far. */
  get questions(): readonly { readonly at: number; readonly name: Name | undefined; readonly port: number }[] {
    return this.world.transcript.flatMap(({ sender, at, bytes, from }) => {
      const { response, questions } = decode(bytes)
      return sender === 'ours' && !response ? [{ at, name: questions[0]?.name, port: from.port }] : []
    })
  }
}

export function publication(id: string, changes: Partial<MicroPublication> = {}): MicroPublication {
  const service = changes.service ?? 'greeter'
  const txt = encodeMicroTxt({ Service: service, Version: '1.0.0', Endpoints: null, Metadata: {} })
  return { key: id, service, id, port: 8080, txt, ttl: 120, ...changes }
}

export interface GoNode {
  readonly id?: string
  readonly service?: string
  readonly json?: object
  readonly ttl?: number
  readonly port?: number
  readonly address?: string
  readonly domain?: string
}

/** The records of a node as a Go program says them. */
export function goNode(node: GoNode = {}): readonly Rr[] {
  const { id = 'greeter-1', service = 'greeter', ttl = 120, port = 9090, address = '198.18.0.77' } = node
  const name = nodeName(id, service, node.domain ?? 'micro')
  const host = namingOf('micro', 'testbox').host
  const head = { class: CLASS_IN, flush: false, ttl }
  const data = encodeMicroTxt({ Metadata: {}, Service: service, Version: '1.0.0', Endpoints: null, ...node.json })
  return [
    { ...head, name, type: 'SRV', priority: 10, weight: 1, port, target: host },
    { ...head, name: host, type: address.includes(':') ? 'AAAA' : 'A', address },
    { ...head, name, type: 'TXT', data },
  ]
}

/** A host that wants to know of the greeter, or of all services. */
export function listening(to: 'one' | 'all' = 'one'): MicroLan {
  const lan = new MicroLan()
  lan.host.ask(to === 'one' ? 'greeter' : undefined)
  return lan
}
