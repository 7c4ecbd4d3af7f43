import { expect, test } from 'vitest'
import type { Link, Random, Send } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, HOST, instanceAt, opaque, ptr, question, SUBTYPE, service, srv, TYPE, text } from '../conformance/lab.ts'
import { Bench } from './bench.ts'

const LABELS = ['One', 'Two', 'Three']
const LINKS: readonly Link[] = [1, 2].flatMap((n) => {
  const addresses = [
    { address: `198.18.${n}.1`, family: 4, prefixLength: 24 },
    { address: `fe80::${n}`, family: 6, prefixLength: 64 },
  ] as const
  return addresses.map(({ family }) => ({
    id: `if${n}/${family}`,
    interface: `if${n}`,
    family,
    addresses,
    unicast: n === 1,
  }))
})

class Chaos {
  readonly bench: Bench
  readonly #random: Random

  constructor(seed: number) {
    this.bench = new Bench(seed)
    this.#random = seededRandom(seed, 99)
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  #some<T>(items: readonly T[]): readonly T[] {
    return items.filter(() => this.#random() < 0.4)
  }

  #record(): Rr {
    const name = this.#pick([...LABELS.map((label) => instanceAt(label, this.#random() < 0.5 ? 0 : 1)), HOST])
    const ttl = this.#pick([0, 1, 60, 120, 4_500])
    const rr = this.#pick([
      srv(name, { port: this.#pick([8080, 1]), ttl }),
      text(name, this.#pick(['a=1', 'z=z']), ttl),
      a(name, this.#pick(['198.18.1.1', '198.18.1.9', '198.18.2.1']), ttl),
      ptr(TYPE, name, ttl),
      ptr(SUBTYPE, name, ttl),
      opaque(name, this.#pick([13, 33, 47, 999]), [1], ttl),
    ])
    return { ...rr, flush: this.#random() < 0.5 }
  }

  #datagram(): Uint8Array {
    const records = Array.from({ length: Math.floor(this.#random() * 5) }, () => this.#record())
    const questions = Array.from({ length: Math.floor(this.#random() * 4) }, () => {
      const name = this.#pick([TYPE, SUBTYPE, HOST, ...LABELS.map((label) => instanceAt(label))])
      return question(name, this.#pick(['ANY', 'PTR', 'SRV', 'A', 'NSEC', 'TYPE13']), this.#random() < 0.4)
    })
    const response = this.#random() < 0.4
    const section = this.#pick(['answers', 'authorities', 'additionals'] as const)
    const bytes = encode({ response, questions, [section]: records, truncated: this.#random() < 0.2 }).slice()
    if (this.#random() < 0.1) bytes[Math.floor(this.#random() * bytes.length)] = Math.floor(this.#random() * 256)
    return bytes
  }

  act(): void {
    const { bench } = this
    const luck = this.#random()
    if (luck < 0.6) {
      const from = {
        address: this.#pick(['198.18.1.9', '198.18.2.9', 'fe80::9', '203.0.113.9']),
        port: this.#pick([5353, 5353, 40_000]),
      }
      const datagram = { link: this.#pick(LINKS).id, from, viaGroup: this.#random() < 0.8, bytes: this.#datagram() }
      bench.step({ kind: 'received', datagram })
    } else if (luck < 0.75) {
      const txt = this.#pick(['a=1', 'a=2', 'a=3'])
      bench.step({ kind: 'publish', publication: service(this.#pick(LABELS), { txt, id: this.#pick(LABELS) }) })
    } else if (luck < 0.82) bench.step({ kind: 'withdraw', id: this.#pick(LABELS) })
    else if (luck < 0.87) bench.step({ kind: 'links', links: this.#some(LINKS) })
    else if (luck < 0.9) bench.step({ kind: 'unsent', link: this.#pick(LINKS).id })
    else if (luck < 0.95)
      bench.step({ kind: 'ask', interest: { name: this.#pick([TYPE, HOST]), type: this.#pick(['PTR', 'A']) } })
    else bench.step({ kind: 'forget', interest: { name: TYPE, type: 'PTR' } })
    bench.run(this.#random() ** 4 * 10_000)
  }
}

function isUnsound({ bytes, link }: Send): boolean {
  const { skipped, questions, answers, response } = decode(bytes)
  const isEmpty = !response && questions.length + answers.length === 0
  return isEmpty || skipped.length > 0 || bytes.length > (link.endsWith('4') ? 1_440 : 1_232)
}

test('whatever happens, time goes on, what is sent is sound, and closing ends it', () => {
  for (let seed = 0; seed < 40; seed++) {
    const chaos = new Chaos(seed)
    const { bench } = chaos
    bench.step({ kind: 'links', links: LINKS })
    for (let i = 0; i < 200; i++) chaos.act()
    expect(bench.sends.filter(isUnsound)).toEqual([])
    const closedAt = bench.now
    bench.step({ kind: 'close' })
    bench.run(3_600_000)
    expect(bench.events.filter(({ kind }) => kind === 'closed')).toHaveLength(1)
    expect(bench.sends.filter(({ at }) => at > closedAt + 125)).toEqual([])
    expect(bench.engine.inspect()).toMatchObject({ publications: 0, interests: 0 })
  }
})

test('R196 prany, R229 an2: after any chaos that ends, every service is announced under a name of its own', () => {
  for (let seed = 0; seed < 25; seed++) {
    const chaos = new Chaos(seed)
    const { bench } = chaos
    bench.step({ kind: 'links', links: LINKS })
    for (let i = 0; i < 100; i++) chaos.act()
    bench.step({ kind: 'links', links: LINKS })
    for (const label of LABELS) bench.step({ kind: 'publish', publication: service(label, { txt: 'final' }) })
    bench.run(120_000)
    const since = bench.now
    for (const each of LINKS) {
      const address = each.family === 4 ? each.addresses[0]?.address.replace(/1$/, '8') : 'fe80::8'
      bench.receive(each.id, encode({ questions: [question(TYPE, 'PTR')] }), address ?? '')
    }
    bench.run(2_000)
    for (const { id } of LINKS) {
      const records = bench.records(id, since)
      expect(records.filter((rr) => rr.type === 'SRV')).toHaveLength(3)
      const texts = records.flatMap((rr) => (rr.type === 'TXT' ? [Buffer.from(rr.data.slice(1)).toString()] : []))
      expect(texts, `seed ${seed}`).toEqual(['final', 'final', 'final'])
    }
  }
})
