// Owns one process that does what it is told, with go-micro (peer/main.go) or with our package (ours.mjs): both take
// the same orders, and both tell services as go-micro's JSON has them.
// Does not own the hosts that they run on (micro-lan.ts).
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { Metadata, Service } from '../../../src/registry/types.ts'
import { until } from '../../cli/cli-process.ts'

/** As go-micro has it: what is not there is null, and in a list there is nothing but the name. */
export type Told = { readonly [Field in keyof Service]: Service[Field] | null }

/** What a service may look like to go-micro: it has null where ours has something that is empty. */
export interface Given extends Omit<Service, 'metadata'> {
  readonly metadata?: Metadata
}

/** What a watcher was told; `at` in milliseconds since the epoch. */
export interface Watched {
  readonly watch: string
  readonly at: number
  readonly action: string
  readonly service: Told
  readonly initial?: boolean
  readonly reason?: string
}

export interface Answer {
  readonly services?: readonly Told[]
  readonly body?: unknown
  /** Milliseconds. */
  readonly took: number
}

const DEADLINE = 10_000
/** On a machine that is busy with something else as well. */
const GETS_WITHIN = 3_000

export class Program {
  readonly #child: ChildProcess
  readonly #lines: Record<string, unknown>[] = []
  #orders = 0
  #stderr = ''

  private constructor([command = '', ...words]: readonly string[]) {
    this.#child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#lines.push(JSON.parse(line)))
    }
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk)
    })
  }

  static async start(words: readonly string[]): Promise<Program> {
    const program = new Program(words)
    if (await until(() => program.#lines.find((line) => 'ready' in line), DEADLINE)) return program
    await program.kill()
    throw new Error(`${words.at(-1)} does not start: ${program.#stderr}`)
  }

  get watched(): readonly Watched[] {
    return (this.#lines as readonly object[]).filter((line): line is Watched => 'watch' in line)
  }

  /** What it has complained about. */
  get stderr(): string {
    return this.#stderr
  }

  register(service: Given): Promise<Answer> {
    return this.#order({ do: 'register', service })
  }

  deregister(service: Given): Promise<Answer> {
    return this.#order({ do: 'deregister', service })
  }

  /** In the order of their versions, and the nodes of each in that of their ids. */
  async get(name: string): Promise<readonly Told[]> {
    const { services = [] } = await this.#order({ do: 'get', name })
    return services.map(sorted).toSorted((one, other) => compare(one.version, other.version))
  }

  /** Asks until these are got, and fails if they are not: go-micro waits for answers for no more than 100 ms. */
  async gets<T>(name: string, expected: T, view: (services: readonly Told[]) => unknown = (all) => all): Promise<void> {
    const end = performance.now() + GETS_WITHIN
    let seen = view(await this.get(name))
    while (!isDeepStrictEqual(seen, expected) && performance.now() < end) seen = view(await this.get(name))
    expect(seen).toEqual(expected)
  }

  async list(): Promise<readonly (string | null)[]> {
    const { services = [] } = await this.#order({ do: 'list' })
    return services.map(({ name }) => name).toSorted(compare)
  }

  /** One service, or all. */
  async watch(name = ''): Promise<void> {
    await this.#order({ do: 'watch', name })
  }

  /** Ours only: it could not be reached. */
  async verify(id: string): Promise<void> {
    await this.#order({ do: 'verify', name: id })
  }

  /** Runs a server at the address of the one node; it registers itself, and has the endpoint `Greeter.Hello`. */
  serve(service: Given): Promise<Answer> {
    return this.#order({ do: 'serve', service })
  }

  /** Finds a node of the service, and asks it. */
  async call(name: string, endpoint: string, body: object): Promise<unknown> {
    return (await this.#order({ do: 'call', name, endpoint, body })).body
  }

  /** Resolves as soon as a watcher was told so. */
  async told(isSo: (watched: Watched) => boolean, within = DEADLINE): Promise<Watched> {
    const found = await until(() => this.watched.find(isSo), within)
    if (found) return found
    throw new Error(`not told within ${within} ms: ${isSo}; but ${JSON.stringify(this.watched)} ${this.#stderr}`)
  }

  /** Resolves with its exit code. Ours says goodbye; go-micro's stops its servers, and says nothing for the others. */
  async quit(): Promise<number | null> {
    if (this.#hasEnded) return this.#child.exitCode
    const closed = once(this.#child, 'close')
    this.#write({ do: 'quit' })
    return (await closed)[0]
  }

  async kill(): Promise<void> {
    if (this.#hasEnded) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  async #order(order: object): Promise<Answer> {
    this.#orders += 1
    const id = this.#orders
    this.#write({ id, ...order })
    const answer = await until(() => this.#lines.find((line) => line.id === id), DEADLINE)
    if (answer === undefined || answer.error !== undefined) {
      throw new Error(`${JSON.stringify(order)}: ${answer?.error ?? 'no answer'} ${this.#stderr}`)
    }
    return answer as unknown as Answer
  }

  #write(order: object): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`)
  }
}

function sorted(service: Told): Told {
  return { ...service, nodes: service.nodes?.toSorted((one, other) => compare(one.id, other.id)) ?? null }
}

function compare(one: string | null, other: string | null): number {
  return (one ?? '').localeCompare(other ?? '')
}
