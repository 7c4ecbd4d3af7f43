// Owns one container that registers a node and watches all others, with what its watcher has printed.
// Does not own its network (network.ts) nor what is expected of it (cluster.ts).
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { type Engine, engine, IMAGE, LABELS } from './engine.ts'
import { type Diff, diffOf } from './events.ts'
import { addressOn, type Network } from './network.ts'

export interface MemberOptions {
  readonly id: string
  /** What it is on from its start. */
  readonly networks: readonly [Network, ...Network[]]
  /** Seconds. */
  readonly ttl?: number
}

const STARTUP_MS = 30_000
const STOP_MS = 10_000

/** On any number of networks before its first process starts; testcontainers itself knows one. */
class NetworkedContainer extends GenericContainer {
  readonly #others: readonly Network[]

  constructor([first, ...others]: MemberOptions['networks']) {
    super(IMAGE)
    this.withNetworkMode(first.id)
    this.#others = others
  }

  protected override async containerCreated(containerId: string): Promise<void> {
    for (const network of this.#others) await network.connect({ Container: containerId })
  }
}

export class Member {
  readonly id: string
  readonly container: StartedTestContainer
  readonly #docker: Engine
  readonly #lines: string[] = []
  #read = 0
  #complaints = ''
  #cut = false

  private constructor(id: string, container: StartedTestContainer, docker: Engine) {
    this.id = id
    this.container = container
    this.#docker = docker
  }

  /** Resolves when its node is registered and its watcher runs. */
  static async start({ id, networks, ttl }: MemberOptions): Promise<Member> {
    const words = ['register', 'greeter', '--id', id, '--port', '8080', '--metadata', `home=${id}`, '--json']
    const container = await new NetworkedContainer(networks)
      .withCommand([...words, ...(ttl === undefined ? [] : ['--ttl', `${ttl}`])])
      .withLabels(LABELS)
      .withWaitStrategy(Wait.forLogMessage('"registered"'))
      .withStartupTimeout(STARTUP_MS)
      .start()
    const member = new Member(id, container, await engine())
    await member.#watch()
    return member
  }

  /** What its watcher was told since the last `forget`. */
  get diff(): Diff {
    return diffOf(this.#lines.slice(this.#read))
  }

  /** The lines on standard error, but for the warning that a link went under it. */
  get complaints(): readonly string[] {
    return this.#cut ? [] : this.#complaints.split('\n').filter((line) => line !== '')
  }

  forget(): void {
    this.#read = this.#lines.length
  }

  /** SIGTERM, as `docker stop`; resolves with the exit code. */
  async stop(): Promise<number> {
    await this.container.stop({ timeout: STOP_MS, remove: false })
    return (await this.#handle.inspect()).State.ExitCode
  }

  async kill(): Promise<void> {
    await this.#handle.kill()
  }

  async pause(): Promise<void> {
    await this.#handle.pause()
  }

  async resume(): Promise<void> {
    await this.#handle.unpause()
  }

  /** At the address that it is given, or at the next free one. */
  async join(network: Network, address?: string): Promise<void> {
    const EndpointConfig = address === undefined ? {} : { IPAMConfig: { IPv4Address: address } }
    await network.connect({ Container: this.container.getId(), EndpointConfig })
  }

  async leave(network: Network): Promise<void> {
    this.#cut = true
    await network.disconnect({ Container: this.container.getId() })
  }

  addressOn(network: Network): Promise<string> {
    return addressOn(network, this.container.getId())
  }

  get #handle() {
    return this.#docker.getContainer(this.container.getId())
  }

  /** A process of its own beside the one that registers, as with `docker exec`. */
  async #watch(): Promise<void> {
    const Cmd = ['mdns-registry', 'watch', '--json']
    const exec = await this.#handle.exec({ Cmd, AttachStdout: true, AttachStderr: true })
    const stream = await exec.start({ stdin: false })
    const [out, errors] = [new PassThrough(), new PassThrough()]
    this.#docker.modem.demuxStream(stream, out, errors)
    createInterface({ input: out }).on('line', (line) => this.#lines.push(line))
    errors.on('data', (chunk) => {
      this.#complaints += String(chunk)
    })
    await once(out, 'data')
  }
}
