// Owns one program of test/peers as a process on a host: what it was told, what it has said, and how it ended.
// Does not own the orders and events (test/peers/orders.mjs).
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { until } from '../../cli/cli-process.ts'
import { interpreterOf, pathOf } from './library.ts'
import type { StageHost } from './stage-host.ts'

/** A value is text, true for a key without one, or bytes that are no text. */
export type Txt = Readonly<Record<string, string | true | { readonly base64: string }>>

export interface Said {
  readonly event: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly name?: string
  /** The name that was asked for. */
  readonly ordered?: string
  readonly type?: string
  readonly to?: string
  readonly host?: string
  readonly port?: number
  readonly txt?: Txt
  readonly addresses?: readonly string[]
  readonly reason?: string
  readonly message?: string
  readonly hex?: string
}

export interface Publication {
  readonly name: string
  readonly type: string
  readonly port: number
  readonly txt?: Txt
  readonly subtypes?: readonly string[]
  /** Seconds. */
  readonly ttl?: number
  readonly host?: string
  readonly addresses?: readonly string[]
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const STARTS_WITHIN = 15_000
const STOPS_WITHIN = 3_000

export class Program {
  readonly said: Said[] = []
  readonly name: string
  readonly #child: ChildProcess
  readonly #closed: Promise<void>
  #ended: Ended | undefined
  /** Whether it was told to end. */
  #told = false
  /** Whether it did not, when it was. */
  #overdue = false
  #stderr = ''

  constructor(name: string, host: Pick<StageHost, 'before'>, words: readonly string[] = []) {
    const [command = '', ...before] = host.before
    this.name = name
    this.#child = spawn(command, [...before, interpreterOf(name), pathOf(name), ...words], { stdio: 'pipe' })
    // An order to a program that has ended is an outcome, not an error of the test.
    this.#child.stdin?.on('error', () => {})
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line))
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk)
    })
    this.#closed = once(this.#child, 'close').then(([code, signal]) => {
      this.#ended = { code, signal }
    })
  }

  async ready(): Promise<this> {
    const ready = await this.hears(({ event }) => event === 'ready', STARTS_WITHIN)
    // One that has ended instead is an outcome.
    if (ready === undefined && !this.ended) throw new Error(`${this.name} does not start: ${this.#stderr}`)
    return this
  }

  get ended(): boolean {
    return this.#ended !== undefined
  }

  /** How it ended without having been told to, in a few words. */
  get crash(): string | undefined {
    if (this.#ended === undefined || this.#told) return undefined
    const error = this.#stderr.split('\n').find((line) => /^\s*(?:\w*Error\b|errno|Uncaught)/.test(line))
    return `ended with code ${this.#ended.code}: ${(error ?? this.#stderr.trim().split('\n')[0] ?? '').trim()}`
  }

  /** What is wrong with the end of a program that should have ended well; undefined if nothing is. */
  get trouble(): string | undefined {
    if (this.#overdue) return `${this.name} did not end when it was told to: ${this.#stderr}`
    const { code, signal } = this.#ended ?? { code: null, signal: null }
    const well = this.#stderr === '' && this.crash === undefined && (code === 0 || signal === 'SIGKILL')
    return well ? undefined : `${this.name} ended with ${code ?? signal}: ${this.#stderr}`
  }

  publish(publication: Publication): void {
    this.order({ order: 'publish', ...publication })
  }

  browse(type: string, subtype?: string): void {
    this.order({ order: 'browse', type, subtype })
  }

  order(order: object): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`)
  }

  /** The first such event, now or in time; undefined when there is none, or the program has ended. */
  async hears(like: (said: Said) => boolean, within: number): Promise<Said | undefined> {
    const found = await until(() => this.said.find(like) ?? (this.ended ? null : undefined), within)
    return found ?? undefined
  }

  /** Resolves when it has ended, which SIGKILL brings about if nothing else does in time. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#told ||= !this.ended
    this.#child.kill(signal)
    const hurry = setTimeout(() => {
      this.#overdue = true
      this.#child.kill('SIGKILL')
    }, STOPS_WITHIN)
    await this.#closed
    clearTimeout(hurry)
  }

  #take(line: string): void {
    // Some libraries print to standard output themselves.
    if (line.startsWith('{"event":')) this.said.push(JSON.parse(line))
  }
}
