// Owns an engine on a bench: inputs given by hand, time that jumps from one wake-up to the next, outputs on record.
// Does not own a network; nothing answers but the test.
import { Engine } from '../../src/mdns/engine.ts'
import type { Event, Input, Link, Output, Send } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { decode } from '../../src/wire/decode.ts'
import type { Rr } from '../../src/wire/types.ts'

export function linkAt(name: string, address: string): Link {
  const addresses = [{ address, family: 4, prefixLength: 24 }] as const
  return { id: `${name}/4`, interface: name, family: 4, addresses, unicast: true }
}

/** An engine without a world: what goes in is given by hand, and time passes from one wake-up to the next. */
export class Bench {
  readonly engine: Engine
  readonly sends: (Send & { readonly at: number })[] = []
  readonly events: (Event & { readonly at: number })[] = []
  now = 0
  #wakeAt = Number.POSITIVE_INFINITY

  constructor(seed = 7) {
    this.engine = new Engine({ random: seededRandom(seed), hostName: 'dut-host' })
  }

  step(input: Input): Output {
    const output = this.engine.step(input, this.now)
    for (const send of output.sends) this.sends.push({ ...send, at: this.now })
    for (const event of output.events) this.events.push({ ...event, at: this.now })
    this.#wakeAt = output.wakeAt
    return output
  }

  run(ms: number): void {
    const end = this.now + ms
    for (let steps = 0; this.#wakeAt <= end; steps++) {
      if (steps > 10_000) throw new Error(`time stands still at ${this.now} ms`)
      this.now = Math.max(this.now, this.#wakeAt)
      this.step({ kind: 'tick' })
    }
    this.now = end
  }

  receive(link: string, bytes: Uint8Array, address: string): void {
    const datagram = { link, from: { address, port: 5353 }, viaGroup: true, bytes }
    if (!this.engine.ignores(datagram, this.now)) this.step({ kind: 'received', datagram })
  }

  kinds(): readonly string[] {
    const told = this.events.filter(({ kind }) => kind !== 'changed')
    return told.map((event) => ('id' in event ? `${event.kind} ${event.id}` : event.kind))
  }

  /** All records that were sent on a link since an instant. */
  records(link: string, since = 0): readonly Rr[] {
    const sends = this.sends.filter((send) => send.link === link && send.at >= since)
    return sends.flatMap(({ bytes }) => {
      const { answers, authorities, additionals } = decode(bytes)
      return [...answers, ...authorities, ...additionals]
    })
  }
}
