// Owns one host: a network namespace with a host name of its own, its interfaces, and the programs that run on it.
// Does not own the wires that it is plugged in to (segment.ts).
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CliProcess } from '../cli/cli-process.ts'
import { Member, type MemberOptions } from './member.ts'
import type { Segment } from './segment.ts'

export interface Plug {
  /** Default `lan0`. */
  readonly interface?: string
  /** With its prefix length: `198.18.0.1/24`. An IPv6 link-local one is there by itself. */
  readonly addresses: readonly string[]
  /** Leaves the interface down. */
  readonly down?: boolean
}

type Run = (words: readonly string[], before: readonly string[]) => CliProcess

export class SiteHost {
  readonly name: string
  readonly role: string
  /** The words that run a command here. The process that they start becomes the command. */
  readonly before: readonly string[]
  readonly #run: Run

  /** Made by `Site.host`. */
  constructor(name: string, role: string, run: Run) {
    this.name = name
    this.role = role
    this.#run = run
    const named = ['unshare', '--uts', 'sh', '-c', `echo ${role} >/proc/sys/kernel/hostname && exec "$@"`, '--']
    this.before = ['ip', 'netns', 'exec', name, ...named]
    // Nobody else has our link-local addresses: without RFC 4862 §5.4 they are there at once.
    for (const key of ['all', 'default']) this.sysctl(`ipv6/conf/${key}/accept_dad`, '0')
    this.ip('link set lo up')
  }

  /** Runs commands of `ip` here: the words after it. */
  ip(...commands: readonly string[]): void {
    ipIn(this.name, ...commands)
  }

  /** Runs any command here, and returns what it prints. */
  exec(...words: readonly string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  sysctl(key: string, value: string): void {
    this.exec('sh', '-c', `echo ${value} >/proc/sys/net/${key}`)
  }

  /** UDP datagrams that this host has sent so far, in both families. */
  sent(): number {
    const text = this.exec('cat', '/proc/net/snmp', '/proc/net/snmp6')
    const four = /^Udp: (?:\d+ ){3}(\d+)/m.exec(text)?.[1]
    const six = /^Udp6OutDatagrams\s+(\d+)/m.exec(text)?.[1]
    return Number(four) + Number(six)
  }

  /** Gives the host an interface on the wire; returns the port at the other end. */
  plug(segment: Segment, { interface: on = 'lan0', addresses, down = false }: Plug): string {
    const port = segment.nextPort()
    this.ip(`link add ${on} type veth peer name ${port} netns ${segment.name}`)
    segment.connect(port)
    this.ip(...addresses.map((address) => `addr add ${address} dev ${on}`))
    if (!down) this.ip(`link set ${on} up`)
    return port
  }

  /** Runs a script of this directory. */
  start(file: string, ...words: readonly string[]): CliProcess {
    return this.#run([fileURLToPath(new URL(file, import.meta.url)), ...words], this.before)
  }

  /** Runs a program that registers, advertises, watches and browses as it is told. */
  member(options: MemberOptions): Member {
    return new Member(this.start('member.mjs', JSON.stringify(options)))
  }
}

/** Runs commands of `ip` in a namespace, all in one process. */
export function ipIn(namespace: string, ...commands: readonly string[]): void {
  execFileSync('ip', ['-n', namespace, '-batch', '-'], {
    input: commands.join('\n'),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}
