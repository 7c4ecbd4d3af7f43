// Owns one program of ours on a host (member.mjs): what it was told to do, and what it has come to know.
// Does not own the host (site-host.ts).
import type { AdvertiseOptions, ServiceAddress } from '../../src/dnssd/types.ts'
import type { Result, ServiceInput } from '../../src/registry/types.ts'
import { type CliProcess, type Ended, until } from '../cli/cli-process.ts'

export interface MemberOptions {
  readonly register?: readonly ServiceInput[]
  /** Seconds, of what is registered, which is renewed in time. */
  readonly ttl?: number
  readonly advertise?: readonly AdvertiseOptions[]
  /** One service, or all. */
  readonly watch?: string | true
  /** A service type. */
  readonly browse?: string
  readonly interfaces?: string | readonly string[]
  readonly families?: readonly (4 | 6)[]
}

/** What the watcher was told; `at` in milliseconds since the epoch. */
export interface Told extends Result {
  readonly at: number
}

/** What the browser was told. */
export interface Seen {
  readonly at: number
  readonly event: 'up' | 'update' | 'down'
  readonly name: string
  readonly host?: string
  readonly port?: number
  readonly addresses: readonly ServiceAddress[]
  readonly reason?: string
}

const STARTS_WITHIN = 10_000

export class Member {
  readonly process: CliProcess

  constructor(process: CliProcess) {
    this.process = process
  }

  /** Resolves when it has started, registered all, or advertised all. */
  async has(event: 'started' | 'registered' | 'advertised', within = STARTS_WITHIN): Promise<this> {
    await this.process.line({ event }, within)
    return this
  }

  get results(): readonly Told[] {
    return (this.process.lines as readonly object[]).filter((line): line is Told => 'action' in line)
  }

  get seen(): readonly Seen[] {
    return (this.process.lines as readonly object[]).filter((line): line is Seen => 'event' in line && 'name' in line)
  }

  /** The addresses of the nodes that the watcher knows now, by id. */
  get nodes(): ReadonlyMap<string, string> {
    const nodes = new Map<string, string>()
    for (const { action, service } of this.results) {
      for (const { id, address } of service.nodes) {
        if (action === 'delete') nodes.delete(id)
        else nodes.set(id, address)
      }
    }
    return nodes
  }

  /** The instances that the browser says are up now, by name. */
  get instances(): ReadonlyMap<string, Seen> {
    const instances = new Map<string, Seen>()
    for (const seen of this.seen) {
      if (seen.event === 'down') instances.delete(seen.name)
      else instances.set(seen.name, seen)
    }
    return instances
  }

  /** The addresses of an instance that is up, in their order: `198.18.0.1%lan0`. */
  addressesOf(instance: string): readonly string[] {
    const { addresses = [] } = this.instances.get(instance) ?? {}
    return addresses.map(({ address, interface: on }) => `${address}%${on}`)
  }

  /** Resolves as soon as it is so, with the milliseconds that it took. */
  async until(isSo: (member: this) => boolean, within: number): Promise<number> {
    const since = performance.now()
    if (await until(() => isSo(this) || undefined, within)) return performance.now() - since
    const lines = this.process.lines.map((line) => JSON.stringify(line)).join('\n')
    throw new Error(`not so within ${within} ms: ${isSo}; it has said:\n${lines}`)
  }

  stop(signal?: NodeJS.Signals): Promise<Ended> {
    return this.process.stop(signal)
  }
}
