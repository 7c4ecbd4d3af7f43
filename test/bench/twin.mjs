// Owns a program in another language that measures itself: a line of JSON with a request in, one with a result out.
// Does not own what it measures; it does nothing while it is not asked, so that it disturbs nobody.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export class Twin {
  #child
  #waiting
  #ended = false

  /** Undefined where the program is not there; paths are within test/bench. */
  static start(program, args = []) {
    const path = fileURLToPath(new URL(program, import.meta.url))
    return existsSync(path) ? new Twin(path, args) : undefined
  }

  constructor(path, args) {
    const cwd = fileURLToPath(new URL('.', import.meta.url))
    this.#child = spawn(path, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdin.on('error', () => {})
    const lines = createInterface({ input: this.#child.stdout })
    lines.on('line', (line) => this.#waiting?.(line))
    lines.on('close', () => {
      this.#ended = true
      this.#waiting?.(undefined)
    })
  }

  /** Rejects with what the program says is wrong; one request at a time. */
  async ask(request) {
    const answered = new Promise((resolve) => {
      this.#waiting = resolve
    })
    if (!this.#ended) this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const line = this.#ended ? undefined : await answered
    if (line === undefined) throw new Error('the program has ended')
    const result = JSON.parse(line)
    if (result.error) throw new Error(result.error)
    return result
  }

  stop() {
    this.#child.stdin.end()
  }
}
