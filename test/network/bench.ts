// Owns the bench of a conformance test: the command line on a host of its own, and a peer across its wires.
// Does not own what the peer sees (observer.ts) nor any rule.
import { execFileSync } from 'node:child_process'
import { type CliProcess, CliProcesses } from '../cli/cli-process.ts'
import { type Datagram, Observer, type Packet, passed } from './observer.ts'

/** The addresses of the host and of the peer on the first wire, and one that is on no wire at all. */
export const HOST4 = '198.18.0.2'
export const HOST6 = 'fe80::2'
export const GLOBAL6 = '2001:db8::2'
export const PEER4 = '198.18.0.9'
export const PEER6 = 'fe80::9'
export const FOREIGN4 = '198.19.7.9'
export const GROUP4 = '224.0.0.251'
export const GROUP6 = 'ff02::fb'
export const PORT = 5353
/** Lower bounds are strict but for this; upper bounds are what a busy machine can keep. */
export const EARLY = 1
export const LATE = 30
/** What a busy machine may hold one process up for: the most for what is measured but once. */
export const STALL = 150

const RESTED = 1050
const SETTLED = 2050
/** A host name of its own, whatever this machine is called. */
const NAMED = ['unshare', '--uts', 'sh', '-c', 'echo dut-host >/proc/sys/kernel/hostname && exec "$@"', '--']
const opened: Bench[] = []
const namespaces: string[] = []

export interface How {
  readonly family?: 4 | 6
  /** Which wire, from 0. */
  readonly wire?: number
  readonly source?: string
  readonly sport?: number
  readonly dport?: number
  readonly ttl?: number
  readonly at?: number
  /** Default: the group. */
  readonly destination?: string
}

export class Bench {
  readonly peer: Observer
  readonly #names: readonly string[]
  readonly #cli = new CliProcesses()

  private constructor(names: readonly string[], peer: Observer) {
    this.#names = names
    this.peer = peer
  }

  /** The second wire, where there is one, is IPv4 only. */
  static async open(wires: 1 | 2 = 1): Promise<Bench> {
    const number = namespaces.length
    const names = ['host', 'peer'].map((role) => `mdnsr-wire-${process.pid}-${number}-${role}`)
    const [host = '', peer = ''] = names
    for (const name of names) {
      ip(`netns add ${name}`)
      namespaces.push(name)
      ip(`-n ${name} link set lo up`)
    }
    for (let wire = 0; wire < wires; wire++) connect(host, peer, wire)
    ip(`-n ${host} route add default via ${PEER4}`)
    sysctl(host, 'ipv4/conf/all/accept_local', '1')
    const interfaces = Array.from({ length: wires }, (_, wire) => `wire${wire}`)
    const bench = new Bench(names, await Observer.open(['ip', 'netns', 'exec', peer], interfaces))
    opened.push(bench)
    return bench
  }

  /** Ends all benches of this file, also those of a test that failed half-way. */
  static async closeAll(): Promise<void> {
    await Promise.all(opened.splice(0).map((bench) => bench.#close()))
    for (const name of namespaces.splice(0)) ip(`netns delete ${name}`)
  }

  /** Runs the command line on the host. */
  start(...words: readonly string[]): CliProcess {
    return this.#cli.start([...words, '--json'], [...this.before, ...NAMED])
  }

  /** Advertises what nearly every test is about, and resolves when it is published. */
  async advertise(...words: readonly string[]): Promise<CliProcess> {
    const advertised = this.start(
      'advertise',
      'Test Svc',
      '_http._tcp',
      '8080',
      'a=1',
      '--subtype',
      '_printer',
      ...words,
    )
    await advertised.line({ event: 'published' })
    return advertised
  }

  /** The words that run another command on the host. */
  get before(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#names[0] ?? '']
  }

  /** Changes what the host has: the words after `ip`. */
  ipOnHost(words: string): void {
    ip(`-n ${this.#names[0] ?? ''} ${words}`)
  }

  /** Resolves with the packet as it left. */
  async say(bytes: Uint8Array, how: How = {}): Promise<Packet> {
    const [packet] = await this.peer.send(datagram(bytes, how))
    if (packet === undefined) throw new Error('nothing was sent')
    return packet
  }

  /** All that the host sends in so many milliseconds after this question. */
  repliesTo(bytes: Uint8Array, how: How = {}, milliseconds = 1000): Promise<readonly Reply[]> {
    return this.repliesAfter([], datagram(bytes, how), milliseconds)
  }

  /** The same, after datagrams that should bring about nothing; the question shows that they have been there. */
  async repliesAfter(before: readonly Datagram[], witness: Datagram, milliseconds = 1000): Promise<readonly Reply[]> {
    const sent = await this.peer.send(...before, witness)
    const asked = sent.at(-1)?.time ?? Number.NaN
    const heard = await this.peer.during(sent[0]?.time ?? Number.NaN, milliseconds)
    return heard.map((packet) => ({ ...packet, after: packet.time - asked }))
  }

  /** Resolves when no record was multicast in the last second, so that the host may multicast any. */
  rested(): Promise<void> {
    return this.#quiet(RESTED, ({ message }) => message.response)
  }

  /** Resolves when all probing and announcing is over, and has been for two seconds. */
  settled(): Promise<void> {
    return this.#quiet(SETTLED, () => true)
  }

  async #quiet(milliseconds: number, counts: (packet: Packet) => boolean): Promise<void> {
    for (;;) {
      const last = this.peer.heard.findLast((packet) => packet.multicast && counts(packet))
      const end = (last?.time ?? Date.now()) + milliseconds
      if (last !== undefined && Date.now() >= end) return
      await passed(end)
      await passed(Date.now() + 20)
    }
  }

  async #close(): Promise<void> {
    await this.#cli.endAll()
    await this.peer.close()
  }
}

export interface Reply extends Packet {
  /** Milliseconds since the question. */
  readonly after: number
}

export function datagram(bytes: Uint8Array, how: How = {}): Datagram {
  const { family = 4, wire = 0, sport = PORT, dport = PORT, ttl = 255, at = 0 } = how
  const own = family === 4 ? `198.18.${wire}.9` : PEER6
  const group = family === 4 ? GROUP4 : GROUP6
  const { source = own, destination = group } = how
  return { bytes, interface: `wire${wire}`, mac: mac(wire, 2), source, sport, destination, dport, ttl, at }
}

function connect(host: string, peer: string, wire: number): void {
  const on = `wire${wire}`
  const [here, there] = [mac(wire, 2), mac(wire, 9)]
  ip(`-n ${host} link add ${on} address ${here} type veth peer name ${on} address ${there} netns ${peer}`)
  for (const [name, number] of [
    [host, 2],
    [peer, 9],
  ] as const) {
    if (wire > 0) sysctl(name, `ipv6/conf/${on}/disable_ipv6`, '1')
    ip(`-n ${name} addr add 198.18.${wire}.${number}/24 dev ${on}`)
    ip(`-n ${name} link set ${on} addrgenmode none`)
    ip(`-n ${name} link set ${on} up`)
    // Given by hand, to be spared the seconds in which the kernel makes sure that nobody has them.
    if (wire > 0) continue
    ip(`-n ${name} addr add fe80::${number}/64 dev ${on} nodad`)
    ip(`-n ${name} addr add 2001:db8::${number}/64 dev ${on} nodad`)
  }
}

/** Known beforehand, as unicast that comes from a foreign address is answered to the gateway. */
function mac(wire: number, number: number): string {
  return `02:00:00:00:0${wire}:0${number}`
}

function sysctl(name: string, key: string, value: string): void {
  execFileSync('ip', ['netns', 'exec', name, 'sh', '-c', `echo ${value} >/proc/sys/net/${key}`])
}

function ip(words: string): void {
  execFileSync('ip', words.split(' '), { stdio: ['ignore', 'pipe', 'pipe'] })
}
