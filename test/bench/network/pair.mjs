// Owns two programs of one library that have a link to themselves: one publishes, the other browses.
// Does not own what is measured with them (../sections/).
import { setTimeout as wait } from 'node:timers/promises'
import { start } from '../peers/peers.mjs'
import { Lan } from './lan.mjs'

/** A program that has just started is still busy with itself. */
const COMES_TO_REST = 300
export const TYPE = 'mdnsr-bench'

export class Pair {
  lan = new Lan()
  publisher
  browser
  peer

  constructor(peer) {
    this.peer = peer
  }

  async startPublisher() {
    this.publisher = await start(this.peer, this.lan, this.lan.hosts[0])
    await wait(COMES_TO_REST)
  }

  /** Rejects for a library that has no browser. */
  async startBrowser() {
    if (this.peer.browsesNot) throw new Error(this.peer.browsesNot)
    this.browser = await start(this.peer, this.lan, this.lan.hosts[1])
    await wait(COMES_TO_REST)
  }

  /** Gives an order, and resolves with the milliseconds until the event, whoever of the two has to say it. */
  async took(to, order, details, from, event, within = 10_000) {
    const at = to.order(order, details)
    const { name } = details
    const came = (each) => each.event === event && (name === undefined || each.name === name)
    const said = await from.event(came, { within, from: at })
    if (said !== undefined) return said.monotonic - at
    throw new Error(`no '${event}' within ${within / 1000} s: ${complaint(from) ?? complaint(to) ?? 'no word'}`)
  }

  publish(name) {
    return this.took(this.publisher, 'publish', serviceOf(name), this.publisher, 'published')
  }

  async close() {
    await this.lan.close()
  }
}

export function serviceOf(name, port = 8080) {
  return { name, type: TYPE, port }
}

function complaint({ said, errors }) {
  return said.findLast(({ event }) => event === 'error')?.message ?? (errors.trim().split('\n').at(-1) || undefined)
}
