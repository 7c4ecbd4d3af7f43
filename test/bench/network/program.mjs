// Owns one program under the orders of the bench: what it is told, and what it has said.
// Does not own the words of orders and events (../../peers/orders.mjs), nor the host it runs on (lan.mjs).
import { createInterface } from 'node:readline'
import { monotonic } from '../../peers/orders.mjs'

export class Program {
  /** Everything that it has said so far. */
  said = []
  errors = ''
  #child
  #closed
  #waiting = new Set()
  isOver = false
  #afterwards

  get pid() {
    return this.#child.pid
  }

  /** `afterwards` ends what was started for this program alone. */
  constructor(lan, host, words, afterwards = async () => {}) {
    this.#afterwards = afterwards
    this.#child = lan.start(host, words, ['pipe', 'pipe', 'pipe'])
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (chunk) => {
      this.errors = (this.errors + chunk).slice(-2000)
    })
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line))
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve))
    this.#closed.then(() => {
      this.isOver = true
      for (const look of this.#waiting) look()
    })
  }

  /** Returns when that was, on the clock of `monotonic`. */
  order(order, details = {}) {
    return this.orders(order, [details])
  }

  /** All in one piece; returns when it began. */
  orders(order, list) {
    const at = monotonic()
    this.#child.stdin.write(list.map((details) => `${JSON.stringify({ order, ...details })}\n`).join(''))
    return at
  }

  /** The first event that `match` accepts, from `from` on; undefined when there is none in time. */
  event(match, { within = 10_000, from = 0 } = {}) {
    return this.when(() => this.said.find((each) => each.monotonic >= from && match(each)), within)
  }

  /**
   * How many names have come in events of this kind from `from` on, as many as were wanted or as came in time, and when
   * the last did; `but` does not count.
   */
  async names(kind, wanted, { within, from = 0, but }) {
    const names = new Set()
    let read = 0
    let last = from
    const look = () => {
      for (; read < this.said.length; read++) {
        const { event, name, monotonic: at } = this.said[read]
        if (event !== kind || at < from || name === but || names.has(name)) continue
        names.add(name)
        last = at
      }
      return names.size >= wanted ? true : undefined
    }
    await this.when(look, within)
    return { count: names.size, last }
  }

  /** What `find` finds as soon as it does, in what has been said; undefined when it does not in time. */
  when(find, within = 10_000) {
    return new Promise((resolve) => {
      const end = (found) => {
        clearTimeout(overdue)
        this.#waiting.delete(look)
        resolve(found)
      }
      const look = () => {
        const found = find()
        if (found !== undefined || this.isOver) end(found)
      }
      const overdue = setTimeout(end, within)
      this.#waiting.add(look)
      look()
    })
  }

  /** It may say goodbye, for as long as is usual; then it is killed. */
  async stop(patience = 3000) {
    this.#child.kill('SIGTERM')
    const overdue = setTimeout(() => this.#child.kill('SIGKILL'), patience)
    await this.#closed
    clearTimeout(overdue)
    await this.#afterwards()
  }

  /** At once, and what was started for it before it could tell of its end. */
  async kill() {
    await this.#afterwards('SIGKILL')
    this.#child.kill('SIGKILL')
    await this.#closed
  }

  #hear(line) {
    if (!line.startsWith('{')) return
    this.said.push(JSON.parse(line))
    for (const look of this.#waiting) look()
  }
}
