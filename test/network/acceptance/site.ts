// Owns the hosts of one experiment: network namespaces, the switches between them, and what changes there meanwhile.
// Does not own the programs that run on them (stage.ts).
import { execFileSync } from 'node:child_process'
import { until } from '../../cli/cli-process.ts'

/** Where a host is plugged in: interface, switch, and its address there. */
export interface Plug {
  readonly lan: string
  readonly interface?: string
  readonly address: string
  /** Leaves the interface down. */
  readonly down?: boolean
  /** Makes the interface a bridge with the wire in it: for programs that use no end of a veth pair. */
  readonly bridged?: boolean
}

const INTERFACE = 'lan0'
const RUNNING_WITHIN = 5_000
let count = 0

export class Site {
  readonly #namespaces: string[] = []
  #wires = 0

  /** A switch: whoever is plugged into it hears all the others, and does not feel it when one of them goes. */
  lan(): string {
    const name = this.#add('lan')
    ip(name, 'link add switch type bridge mcast_snooping 0 forward_delay 0', 'link set switch up')
    return name
  }

  host(role: string, { loopback = true } = {}): SiteHost {
    const name = this.#add(role)
    if (loopback) ip(name, 'link set lo up')
    // A link-local address is to be there at once, RFC 4862 §5.4: nobody else has it.
    const keys = ['all', 'default'].map((key) => `/proc/sys/net/ipv6/conf/${key}/accept_dad`)
    execFileSync('ip', ['netns', 'exec', name, 'sh', '-c', keys.map((key) => `echo 0 >${key}`).join(' && ')])
    return new SiteHost(name, role, () => {
      this.#wires += 1
      return `wire${this.#wires}`
    })
  }

  close(): void {
    for (const name of this.#namespaces.splice(0)) execFileSync('ip', ['netns', 'delete', name])
  }

  #add(role: string): string {
    count += 1
    const name = `mdnsr-table-${process.pid}-${count}-${role}`
    execFileSync('ip', ['netns', 'add', name])
    this.#namespaces.push(name)
    return name
  }
}

export class SiteHost {
  /** The words that run a command on this host, which has a host name of its own. */
  readonly before: readonly string[]
  readonly #name: string
  readonly #nextWire: () => string
  #address = ''

  /** Made by `Site.host`. */
  constructor(name: string, role: string, nextWire: () => string) {
    this.#name = name
    this.#nextWire = nextWire
    const named = ['unshare', '--uts', 'sh', '-c', `echo ${role} >/proc/sys/kernel/hostname && exec "$@"`, '--']
    this.before = ['ip', 'netns', 'exec', name, ...named]
  }

  /** The host's address on its first link. */
  get address(): string {
    return this.#address
  }

  plug({ lan, address, interface: on = INTERFACE, down = false, bridged = false }: Plug): void {
    const wire = this.#nextWire()
    const end = bridged ? `${on}-port` : on
    ip(this.#name, `link add ${end} type veth peer name ${wire} netns ${lan}`)
    ip(lan, `link set ${wire} master switch up`)
    if (bridged) {
      ip(this.#name, `link add ${on} type bridge mcast_snooping 0 forward_delay 0`, `link set ${end} master ${on} up`)
    }
    ip(this.#name, `address add ${address}/24 dev ${on}`)
    if (this.#address === '') this.#address = address
    if (!down) this.up(on)
  }

  /** Every host has a default route by its first link, as machines have: some programs send by no other. */
  up(on = INTERFACE): void {
    const route = on === INTERFACE ? [`route add default dev ${on}`] : []
    ip(this.#name, `link set ${on} up`, ...route)
  }

  /** Resolves when the kernel says that the interface works, which may be a second after it was set up. */
  async running(on = INTERFACE): Promise<void> {
    const works = () => this.#show('link', on).includes('"operstate":"UP"') || undefined
    if (!(await until(works, RUNNING_WITHIN))) throw new Error(`${on} of ${this.#name} does not work`)
  }

  /** Another address in place of the present one. */
  readdress(address: string): void {
    ip(
      this.#name,
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
    return execFileSync('ip', ['-n', this.#name, '-json', what, 'show', 'dev', on], { encoding: 'utf8' })
  }
}

/** Runs commands of `ip` in a namespace, in one process. */
function ip(namespace: string, ...commands: readonly string[]): void {
  execFileSync('ip', ['-n', namespace, '-batch', '-'], {
    input: commands.join('\n'),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}
