// Owns what a watcher has told so far, and when.
// Does not own what it should have told (chapters/).
import assert from 'node:assert/strict'
import type { Result, Watcher } from '../registry/types.ts'
import type { ContractLink } from './link.ts'

interface Waiting {
  readonly count: number
  readonly resolve: () => void
}

/** `create greeter 1.0.0 greeter-1` */
export function line({ action, service }: Result): string {
  return `${action} ${service.name} ${service.version} ${service.nodes.map(({ id }) => id).join(' ')}`
}

/** Listens from the moment at which it is made. */
export class Told {
  readonly results: Result[] = []
  /** When each of them was told. */
  readonly instants: number[] = []
  readonly #link: ContractLink
  #waiting: readonly Waiting[] = []

  constructor(watcher: Watcher, link: ContractLink) {
    this.#link = link
    watcher.on('result', (result) => this.#add(result))
  }

  get lines(): readonly string[] {
    return this.results.map(line)
  }

  /** Waits for as many results, which have to be these. */
  async is(...lines: readonly string[]): Promise<void> {
    await this.reaches(lines.length)
    assert.deepEqual(this.lines, lines)
  }

  /** As `is`, and nothing more is told while whatever there is to be told comes round. */
  async stays(...lines: readonly string[]): Promise<void> {
    await this.is(...lines)
    await this.#link.run(this.#link.lag)
    assert.deepEqual(this.lines, lines)
  }

  /** As `is`, in any order. */
  async comprises(...lines: readonly string[]): Promise<void> {
    await this.reaches(lines.length)
    assert.deepEqual([...this.lines].sort(), [...lines].sort())
  }

  /** Waits for as many results. That they do not come is for the assertion to say that follows. */
  async reaches(count: number): Promise<void> {
    if (this.results.length >= count) return
    const reached = new Promise<void>((resolve) => {
      this.#waiting = [...this.#waiting, { count, resolve }]
    })
    await this.#link.until(reached).catch(() => {})
  }

  #add(result: Result): void {
    this.results.push(result)
    this.instants.push(this.#link.now())
    const reached = this.#waiting.filter(({ count }) => this.results.length >= count)
    this.#waiting = this.#waiting.filter((each) => !reached.includes(each))
    for (const { resolve } of reached) resolve()
  }
}
