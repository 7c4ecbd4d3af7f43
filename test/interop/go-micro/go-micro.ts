// Owns the versions of go-micro that are tried, and one process of either that does what it is told (peer/main.go).
// Does not own the hosts that they run on (go-lan.ts), nor how they are built (build.sh).
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Service } from '../../../src/registry/types.ts'
import { until } from '../../cli/cli-process.ts'
import type { SiteHost } from '../../network/site-host.ts'

export type Major = 'v4' | 'v5'
export const MAJORS: readonly Major[] = ['v4', 'v5']

/** As go-micro has it: what is not there is null, and a name in the list is all that there is of a service. */
export type GoService = { readonly [Field in keyof Service]: Service[Field] | null }

/** What a watcher of go-micro was told; `at` in milliseconds since the epoch. */
export interface GoResult {
  readonly watch: string
  readonly at: number
  readonly action: string
  readonly service: GoService
}

export interface GoAnswer {
  readonly services?: readonly GoService[]
  readonly body?: unknown
  /** Milliseconds. */
  readonly took: number
}

const DIRECTORY = new URL('./', import.meta.url)
const DEADLINE = 10_000

/** Why there is no program to run, if there is none: then these tests are left out, but with CI=true they fail. */
export const missing: string | undefined = build()

/** As its row in the matrix is called: `go-micro v4.11.0`. */
export function peerName(major: Major): string {
  const manifest = readFileSync(new URL(`${major}/go.mod`, DIRECTORY), 'utf8')
  return `go-micro ${/^require go-micro\.dev\/v\d+ (\S+)$/m.exec(manifest)?.[1]}`
}

export class GoMicro {
  readonly #child: ChildProcess
  readonly #lines: Record<string, unknown>[] = []
  #orders = 0
  #stderr = ''

  private constructor(major: Major, host: SiteHost) {
    const [command = '', ...words] = [...host.before, fileURLToPath(new URL(`bin/go-micro-${major}`, DIRECTORY))]
    this.#child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#lines.push(JSON.parse(line)))
    }
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk)
    })
  }

  static async start(major: Major, host: SiteHost): Promise<GoMicro> {
    const peer = new GoMicro(major, host)
    if (await until(() => peer.#lines.find(({ ready }) => ready === 'mdns'), DEADLINE)) return peer
    throw new Error(`go-micro ${major} does not start: ${peer.#stderr}`)
  }

  get results(): readonly GoResult[] {
    return (this.#lines as readonly object[]).filter((line): line is GoResult => 'watch' in line)
  }

  /** What it has complained about. */
  get stderr(): string {
    return this.#stderr
  }

  register(service: GoService | Service): Promise<GoAnswer> {
    return this.#told({ do: 'register', service })
  }

  deregister(service: GoService | Service): Promise<GoAnswer> {
    return this.#told({ do: 'deregister', service })
  }

  /** In the order of their versions, and the nodes of each in that of their ids: go-micro has no order. */
  async get(name: string): Promise<readonly GoService[]> {
    const { services = [] } = await this.#told({ do: 'get', name })
    const byVersion = services.toSorted((one, other) => compare(one.version, other.version))
    return byVersion.map((service) => ({
      ...service,
      nodes: service.nodes?.toSorted((one, other) => compare(one.id, other.id)) ?? null,
    }))
  }

  async list(): Promise<readonly (string | null)[]> {
    const { services = [] } = await this.#told({ do: 'list' })
    return services.map(({ name }) => name).toSorted(compare)
  }

  /** One service, or all. */
  async watch(name = ''): Promise<void> {
    await this.#told({ do: 'watch', name })
  }

  /** Runs a server of go-micro's own, which registers itself and has the endpoint `Greeter.Hello`. */
  serve(service: GoService | Service): Promise<GoAnswer> {
    return this.#told({ do: 'serve', service })
  }

  /** Finds a node of the service, and asks it. */
  async call(name: string, endpoint: string, body: object): Promise<unknown> {
    return (await this.#told({ do: 'call', name, endpoint, body })).body
  }

  /** Resolves as soon as a watcher was told so. */
  async told(isSo: (result: GoResult) => boolean, within = DEADLINE): Promise<GoResult> {
    const found = await until(() => this.results.find(isSo), within)
    if (found) return found
    throw new Error(`not told within ${within} ms: ${isSo}; but ${JSON.stringify(this.results)} ${this.#stderr}`)
  }

  /** Resolves with its exit code; servers are stopped, and nothing else: it says no goodbye of its own accord. */
  async quit(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode
    const closed = once(this.#child, 'close')
    this.#child.stdin?.write(`${JSON.stringify({ do: 'quit' })}\n`)
    return (await closed)[0]
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  async #told(order: object): Promise<GoAnswer> {
    this.#orders += 1
    const id = this.#orders
    this.#child.stdin?.write(`${JSON.stringify({ id, ...order })}\n`)
    const answer = await until(() => this.#lines.find((line) => line.id === id), DEADLINE)
    if (answer === undefined || answer.error !== undefined) {
      throw new Error(`${JSON.stringify(order)}: ${answer?.error ?? 'no answer'} ${this.#stderr}`)
    }
    return answer as unknown as GoAnswer
  }
}

function compare(one: string | null, other: string | null): number {
  return (one ?? '').localeCompare(other ?? '')
}

function build(): string | undefined {
  try {
    execFileSync(fileURLToPath(new URL('build.sh', DIRECTORY)), { stdio: ['ignore', 'pipe', 'pipe'] })
    return undefined
  } catch (error) {
    if (process.env.CI) throw error
    return error instanceof Error ? error.message : String(error)
  }
}
