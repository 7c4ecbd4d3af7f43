// Owns the peer of a conformance test: what it has seen on the wire, packet by packet, and what it sends.
// Does not own raw sockets, which Node.js has none of: observer.py does, in the peer's network namespace.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { decode } from '../../src/wire/decode.ts'
import type { Message } from '../../src/wire/types.ts'
import { until } from '../cli/cli-process.ts'

const SCRIPT = fileURLToPath(new URL('observer.py', import.meta.url))
const DEADLINE = 8000
/** What the wire has carried is in `packets` after this, also on a busy machine. */
const LAG = 80

/** Times are milliseconds since the epoch, taken by the kernel. */
export interface Packet {
  readonly time: number
  readonly interface: string
  /** Sent by the peer itself. */
  readonly outgoing: boolean
  readonly protocol: 'udp' | 'membership'
  readonly source: string
  readonly sport: number
  readonly destination: string
  readonly dport: number
  readonly ttl: number
  readonly hex: string
  readonly family: 4 | 6
  readonly multicast: boolean
  readonly message: Message
}

export interface Datagram {
  readonly bytes: Uint8Array
  readonly interface: string
  /** Where the destination is one host: its Ethernet address. */
  readonly mac: string
  readonly source: string
  readonly sport: number
  readonly destination: string
  readonly dport: number
  readonly ttl: number
  /** When it leaves; at once if that is past. */
  readonly at: number
}

const EMPTY = decode(new Uint8Array(12))

export class Observer {
  readonly packets: Packet[] = []
  readonly #child: ChildProcess
  readonly #listeners = new Set<(packet: Packet) => void>()
  #ready = false
  #stderr = ''

  private constructor(before: readonly string[], interfaces: readonly string[]) {
    const [command = '', ...words] = [...before, 'python3', SCRIPT, ...interfaces]
    this.#child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line))
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk)
    })
  }

  static async open(before: readonly string[], interfaces: readonly string[]): Promise<Observer> {
    const observer = new Observer(before, interfaces)
    const ready = await until(() => observer.#ready || undefined, DEADLINE)
    if (ready === undefined) throw new Error(`observer.py does not start: ${observer.#stderr}`)
    return observer
  }

  /** The packets of other hosts, in the order in which they came. */
  get heard(): readonly Packet[] {
    return this.packets.filter(({ outgoing, protocol }) => !outgoing && protocol === 'udp')
  }

  on(listener: (packet: Packet) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves with what left, as the wire saw it, once all of it has. */
  async send(...datagrams: readonly Datagram[]): Promise<readonly Packet[]> {
    const from = this.packets.length
    const orders = datagrams.map(({ bytes, ...order }) => ({ ...order, hex: Buffer.from(bytes).toString('hex') }))
    this.#child.stdin?.write(`${JSON.stringify(orders)}\n`)
    const last = Math.max(0, ...datagrams.map(({ at }) => at - Date.now()))
    const left = () => {
      const sent = this.packets.slice(from).filter(({ outgoing, protocol }) => outgoing && protocol === 'udp')
      return sent.length >= orders.length ? inOrder(orders, sent) : undefined
    }
    return (await until(left, last + DEADLINE)) ?? Promise.reject(new Error(`not sent: ${this.#stderr}`))
  }

  /** The first packet of another host that is like this, since a time. */
  async first(like: (packet: Packet) => boolean, since: number, within = DEADLINE): Promise<Packet> {
    const found = await until(() => this.heard.find((packet) => packet.time >= since && like(packet)), within)
    if (found === undefined) throw new Error(`no such packet in ${within} ms; heard:\n${this.#since(since)}`)
    return found
  }

  /** All that other hosts have sent in so many milliseconds after an instant, once they are over. */
  async during(since: number, milliseconds: number): Promise<readonly Packet[]> {
    const end = since + milliseconds
    await passed(end + LAG)
    return this.heard.filter(({ time }) => time >= since && time <= end)
  }

  async close(): Promise<void> {
    this.#child.stdin?.end()
    await once(this.#child, 'close')
  }

  #take(line: string): void {
    const told = JSON.parse(line)
    if (told.ready) {
      this.#ready = true
      return
    }
    const family = told.source.includes(':') ? 6 : 4
    const multicast = /^(224\.|ff)/.test(told.destination)
    const message = told.protocol === 'udp' ? read(told.hex) : EMPTY
    const packet: Packet = { ...told, family, multicast, message }
    this.packets.push(packet)
    for (const listener of [...this.#listeners]) listener(packet)
  }

  #since(time: number): string {
    return this.heard
      .filter((packet) => packet.time >= time)
      .map((each) => `${(each.time - time).toFixed(1)} ${each.source} > ${each.destination} ${each.hex}`)
      .join('\n')
  }
}

/** The same bytes may leave more than once. */
function inOrder(orders: readonly { readonly hex: string; readonly source: string }[], sent: Packet[]) {
  const packets = orders.map(({ hex, source }) => {
    const index = sent.findIndex((each) => each.hex === hex && each.source === source)
    return index < 0 ? undefined : sent.splice(index, 1)[0]
  })
  const found = packets.filter((packet) => packet !== undefined)
  return found.length === orders.length ? found : undefined
}

function read(hex: string): Message {
  try {
    return decode(Buffer.from(hex, 'hex'))
  } catch {
    return EMPTY
  }
}

/** Resolves when the wall clock has come to this instant. */
export async function passed(instant: number): Promise<void> {
  for (let left = instant - Date.now(); left > 0; left = instant - Date.now()) {
    await new Promise((resolve) => setTimeout(resolve, left))
  }
}
