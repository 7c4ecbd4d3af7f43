// Owns the hosts of one test on one wire, as go-micro needs them, and the programs on them.
// Does not own what is done with them.
import { fileURLToPath } from 'node:url'
import { Observer } from '../../network/observer.ts'
import { Site } from '../../network/site.ts'
import type { SiteHost } from '../../network/site-host.ts'
import { type Major, pathOf } from './go-micro.ts'
import { Program } from './program.ts'

/** What our registry is made with, which is seen by go-micro. */
export type Speaks = { readonly backend: 'go-micro' } | { readonly wire: readonly ['dns-sd', 'go-micro'] }

const OURS = fileURLToPath(new URL('ours.mjs', import.meta.url))

export class MicroLan {
  readonly #site = new Site()
  readonly #segment = this.#site.segment()
  readonly #programs: Program[] = []
  readonly #observers: Observer[] = []
  readonly #ports = new Map<SiteHost, string>()

  /**
   * A host with these addresses. go-micro says everything on the interface of the default route, so that there has to
   * be one; nobody is at its other end.
   */
  host(role: string, ...addresses: readonly string[]): SiteHost {
    const host = this.#site.host(role)
    this.#ports.set(host, host.plug(this.#segment, { addresses }))
    host.ip('route add default dev lan0')
    return host
  }

  go(major: Major, host: SiteHost): Promise<Program> {
    return this.#start([...host.before, pathOf(major)])
  }

  ours(host: SiteHost, speaks: Speaks): Promise<Program> {
    return this.#start([...host.before, process.execPath, OURS, JSON.stringify(speaks)])
  }

  /** Sees all that comes from these hosts and goes to them, at the other ends of their wires. */
  observe(...hosts: readonly SiteHost[]): Promise<Observer> {
    const ports = hosts.map((host) => this.portOf(host))
    return this.#open(['ip', 'netns', 'exec', this.#segment.name], ports)
  }

  /** The interface on which an observer of this host has what it says. */
  portOf(host: SiteHost): string {
    return this.#ports.get(host) ?? ''
  }

  /** Sees what a host sees, and says what one likes on its wire. Nothing else is to run there. */
  observeFrom(host: SiteHost): Promise<Observer> {
    return this.#open(host.before, ['lan0'])
  }

  /** To be called after all tests, whatever has become of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#programs.map((one) => one.kill()), ...this.#observers.map((one) => one.close())])
    await this.#site.close()
  }

  async #open(before: readonly string[], interfaces: readonly string[]): Promise<Observer> {
    const observer = await Observer.open(before, interfaces)
    this.#observers.push(observer)
    return observer
  }

  async #start(words: readonly string[]): Promise<Program> {
    const program = await Program.start(words)
    this.#programs.push(program)
    return program
  }
}
