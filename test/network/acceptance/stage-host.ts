// Owns a host as the experiments need it: plugged in as any library can bear it, and changed while programs run.
// Does not own the programs that run on it (stage.ts).
import { execFileSync } from 'node:child_process'
import { until } from '../../cli/cli-process.ts'
import type { Segment } from '../segment.ts'
import type { SiteHost } from '../site-host.ts'

/** Where a host is plugged in: interface, wire, and its address there. */
export interface StagePlug {
  readonly lan: Segment
  readonly interface?: string
  readonly address: string
  /** More addresses, with their prefix lengths. */
  readonly more?: readonly string[]
  /** Leaves the interface down. */
  readonly down?: boolean
  /** Makes the interface a bridge with the wire in it: for programs that use no end of a veth pair. */
  readonly bridged?: boolean
}

const INTERFACE = 'lan0'
const RUNNING_WITHIN = 5_000

export class StageHost {
  readonly #host: SiteHost
  #address = ''

  constructor(host: SiteHost) {
    this.#host = host
  }

  /** The words that run a command on this host, which has a host name of its own. */
  get before(): readonly string[] {
    return this.#host.before
  }

  /** The host's address on its first link. */
  get address(): string {
    return this.#address
  }

  plug({ lan, address, more = [], interface: on = INTERFACE, down = false, bridged = false }: StagePlug): void {
    const end = bridged ? `${on}-port` : on
    this.#host.plug(lan, { interface: end, addresses: [], down: true })
    if (bridged) {
      this.#host.ip(`link add ${on} type bridge mcast_snooping 0 forward_delay 0`, `link set ${end} master ${on} up`)
    }
    this.#host.ip(...[`${address}/24`, ...more].map((each) => `address add ${each} dev ${on}`))
    if (this.#address === '') this.#address = address
    if (!down) this.up(on)
  }

  /** Every host has a default route by its first link, as machines have: some programs send by no other. */
  up(on = INTERFACE): void {
    const route = on === INTERFACE ? [`route add default dev ${on}`] : []
    this.#host.ip(`link set ${on} up`, ...route)
  }

  /** Resolves when the kernel says that the interface works, which may be a second after it was set up. */
  async running(on = INTERFACE): Promise<void> {
    const works = () => this.#show('link', on).includes('"operstate":"UP"') || undefined
    if (!(await until(works, RUNNING_WITHIN))) throw new Error(`${on} of ${this.#host.name} does not work`)
  }

  /** Another address in place of the present one. */
  readdress(address: string): void {
    this.#host.ip(
      `address delete ${this.#address}/24 dev ${INTERFACE}`,
      `address add ${address}/24 dev ${INTERFACE}`,
      `route replace default dev ${INTERFACE}`,
    )
    this.#address = address
  }

  /** All addresses of an interface, both families. */
  addresses(on = INTERFACE): readonly string[] {
    const [{ addr_info: infos }] = JSON.parse(this.#show('address', on)) as [
      { readonly addr_info: readonly { readonly local: string }[] },
    ]
    return infos.map(({ local }) => local)
  }

  #show(what: 'link' | 'address', on: string): string {
    return execFileSync('ip', ['-n', this.#host.name, '-json', what, 'show', 'dev', on], { encoding: 'utf8' })
  }
}
