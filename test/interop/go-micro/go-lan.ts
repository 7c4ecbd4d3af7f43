// Owns the hosts of one test on one wire, as go-micro needs them, and the programs of go-micro on them.
// Does not own what is done with them.
import { Observer } from '../../network/observer.ts'
import type { Segment } from '../../network/segment.ts'
import { Site } from '../../network/site.ts'
import type { SiteHost } from '../../network/site-host.ts'
import { GoMicro, type Major } from './go-micro.ts'

export class GoLan {
  readonly #site = new Site()
  readonly #segment: Segment = this.#site.segment()
  readonly #peers: GoMicro[] = []
  readonly #observers: Observer[] = []
  readonly #ports = new Map<string, string>()

  /**
   * A host with these addresses. go-micro says everything on the interface of the default route, so that there has to
   * be one; nobody is at its other end.
   */
  host(role: string, ...addresses: readonly string[]): SiteHost {
    const host = this.#site.host(role)
    this.#ports.set(role, host.plug(this.#segment, { addresses }))
    host.ip('route add default dev lan0')
    return host
  }

  async go(major: Major, host: SiteHost): Promise<GoMicro> {
    const peer = await GoMicro.start(major, host)
    this.#peers.push(peer)
    return peer
  }

  /** Sees all that goes from and to these hosts; what they send comes in, at the other ends of their wires. */
  async observe(...hosts: readonly SiteHost[]): Promise<Observer> {
    const ports = hosts.map(({ role }) => this.#ports.get(role) ?? '')
    const observer = await Observer.open(['ip', 'netns', 'exec', this.#segment.name], ports)
    this.#observers.push(observer)
    return observer
  }

  /** To be called after all tests, whatever has become of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#peers.map((peer) => peer.kill()), ...this.#observers.map((each) => each.close())])
    await this.#site.close()
  }
}
