// Owns one run of the built command line, or of a script, as a process of its own, and what it has printed so far.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Line {
  readonly [field: string]: unknown
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const DEADLINE = 8000
const POLL = 10

export class CliProcess {
  readonly child: ChildProcess
  /** Resolves when the process and its output have ended. */
  readonly ended: Promise<Ended>
  readonly #lines: string[] = []
  #stderr = ''

  /**
   * `words` begin with the path of the script, or with options of Node.js; `before` are the words of a command that
   * runs another one: `ip netns exec one`.
   */
  constructor(words: readonly string[], before: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
    const [command = process.execPath, ...rest] = [...before, process.execPath, ...words]
    this.child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
    if (this.child.stdout) createInterface({ input: this.child.stdout }).on('line', (line) => this.#lines.push(line))
    this.child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk)
    })
    this.ended = once(this.child, 'close').then(([code]) => ({
      code,
      stdout: this.#lines.map((line) => `${line}\n`).join(''),
      stderr: this.#stderr,
    }))
  }

  /** Every line so far, parsed. */
  get lines(): readonly Line[] {
    return this.#lines.map((line) => JSON.parse(line))
  }

  /** The first line that has these fields, now or within the deadline. */
  async line(fields: object, deadline = DEADLINE): Promise<Line> {
    const found = await until(() => this.lines.find((line) => matches(line, fields)), deadline)
    if (found === undefined) throw new Error(`no ${JSON.stringify(fields)} in ${deadline} ms:\n${this.#told()}`)
    return found
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }

  #told(): string {
    return `${this.#lines.join('\n')}\n${this.#stderr}`
  }
}

/** Starts processes and makes sure that none outlives its test. */
export class CliProcesses {
  readonly #running = new Set<CliProcess>()

  start(words: readonly string[], before?: readonly string[], environment?: NodeJS.ProcessEnv): CliProcess {
    return this.script([MAIN, ...words], before, environment)
  }

  /** Runs a script, which prints as the command line does. */
  script(words: readonly string[], before?: readonly string[], environment?: NodeJS.ProcessEnv): CliProcess {
    const started = new CliProcess(words, before, environment)
    this.#running.add(started)
    void started.ended.then(() => this.#running.delete(started))
    return started
  }

  /** Runs one to its own end. */
  run(words: readonly string[], before?: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended> {
    return this.start(words, before, environment).ended
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running].map((one) => one.stop('SIGKILL')))
  }
}

/** Asks again and again until there is an answer; undefined when there is none in time. */
export async function until<T>(ask: () => T | undefined, deadline: number): Promise<T | undefined> {
  const end = performance.now() + deadline
  for (;;) {
    const answer = ask()
    if (answer !== undefined || performance.now() > end) return answer
    await new Promise((resolve) => setTimeout(resolve, POLL))
  }
}

function matches(line: Line, fields: object): boolean {
  try {
    expect(line).toMatchObject(fields)
    return true
  } catch {
    return false
  }
}
