import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/mdns/limits.ts'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Name, Rr } from '../../src/wire/types.ts'
import { Bench, linkAt } from './bench.ts'
import { a, instance, nsec, ptr, question, srv, TYPE, txt } from './records.ts'

const LINK = 'lan0/4'
const SECOND = 1_000
const OTHER_TYPE = nameFromText('_ipp._tcp.local')

class Listener extends Bench {
  constructor() {
    super()
    this.step({ kind: 'links', links: [linkAt('lan0', '198.18.0.1')] })
  }

  hear(...answers: readonly Rr[]): void {
    this.receive(LINK, encode({ response: true, answers }), '198.18.0.9')
  }

  ask(name: Name, type: 'PTR' | 'SRV' | 'A'): void {
    this.step({ kind: 'ask', interest: { name, type } })
  }

  /** As many responses about names of no concern as are read at once, and one more. */
  beBusy(): void {
    for (let n = 0; n <= LIMITS.readUnaskedBurst; n++)
      this.hear(a('198.18.0.8', { name: nameFromText(`busy-${n}.local`) }))
  }

  get cached(): number {
    return this.engine.inspect().links[0]?.cached ?? 0
  }

  knows(name: Name, type: 'PTR' | 'SRV' | 'A'): number {
    return this.engine.lookup(name, type).length
  }

  /** How often a question was asked since `since`. */
  asked(name: Name, since: number): number {
    const packets = this.sends.filter(({ at }) => at >= since)
    return packets.filter(({ bytes }) =>
      Buffer.from(bytes).equals(Buffer.from(encode({ questions: [question(name, 'A')] }))),
    ).length
  }
}

describe('what is said about names of no concern', () => {
  test('is read and kept while there is time to spare, so many responses a second', () => {
    const bench = new Listener()
    for (let n = 0; n < 1_000; n++) bench.hear(a('198.18.0.8', { name: nameFromText(`host-${n}.local`) }))
    expect(bench.cached).toBe(LIMITS.readUnaskedBurst)
    bench.run(SECOND)
    for (let n = 0; n < 1_000; n++) bench.hear(a('198.18.0.8', { name: nameFromText(`late-${n}.local`) }))
    expect(bench.cached).toBe(LIMITS.readUnaskedBurst + LIMITS.readUnasked)
  })

  test('takes nothing from what is asked for: its records, its instances, and their denial are read', () => {
    const bench = new Listener()
    bench.ask(TYPE, 'PTR')
    bench.beBusy()
    const before = bench.cached
    bench.hear(ptr(instance('web')))
    bench.hear(srv(instance('web')), txt(instance('web')))
    bench.hear(ptr(instance('x'), 120, OTHER_TYPE))
    expect(bench.cached - before).toBe(3)
    bench.ask(nameFromText('host.local'), 'A')
    bench.hear(a('198.18.0.7', { name: nameFromText('HOST.local') }))
    expect(bench.knows(nameFromText('host.local'), 'A')).toBe(1)
  })

  test('takes nothing from what is ours: a query is answered, a conflict noticed', () => {
    const bench = new Listener()
    const records = () => [ptr(instance('web')), srv(instance('web')), txt(instance('web'))]
    bench.step({ kind: 'publish', publication: { id: 'web', needsHost: false, records } })
    bench.run(5 * SECOND)
    bench.beBusy()
    const since = bench.now
    bench.receive(LINK, encode({ questions: [question(TYPE, 'PTR')] }), '198.18.0.9')
    bench.run(SECOND)
    expect(bench.records(LINK, since).map(({ type }) => type)).toContain('PTR')
    bench.run(SECOND)
    const contested = bench.now
    bench.hear(srv(instance('web'), { port: 9 }))
    bench.run(SECOND)
    expect(bench.sends.filter(({ at, bytes }) => at > contested && decode(bytes).authorities.length > 0)).toHaveLength(
      3,
    )
  })

  test('is doubted by whoever asks for it once anything was left unread', () => {
    const known = nameFromText('known.local')
    const calm = new Listener()
    calm.hear(a('198.18.0.7', { name: known }))
    calm.ask(known, 'A')
    calm.run(20 * SECOND)
    expect([calm.asked(known, 0), calm.knows(known, 'A')]).toEqual([0, 1])

    const busy = new Listener()
    busy.hear(a('198.18.0.7', { name: known }))
    busy.beBusy()
    busy.ask(known, 'A')
    expect(busy.knows(known, 'A')).toBe(1)
    busy.run(9 * SECOND)
    expect(busy.asked(known, 0)).toBeGreaterThanOrEqual(2)
    busy.run(2 * SECOND)
    expect(busy.knows(known, 'A')).toBe(0)
  })

  test('is not doubted if it was heard after that', () => {
    const bench = new Listener()
    const known = nameFromText('known.local')
    bench.beBusy()
    bench.run(SECOND)
    bench.hear(a('198.18.0.7', { name: known }))
    bench.ask(known, 'A')
    bench.run(20 * SECOND)
    expect([bench.asked(known, 0), bench.knows(known, 'A')]).toEqual([0, 1])
  })
})

describe('what denies something that is asked for', () => {
  const HOSTS = LIMITS.cachedUnasked + 500

  test('does not have to make room: 1,500 hosts without IPv6 are not asked for it again and again', () => {
    const bench = new Listener()
    const names = Array.from({ length: HOSTS }, (_, n) => nameFromText(`host-${n}.local`))
    for (const name of names) {
      bench.ask(name, 'A')
      bench.step({ kind: 'ask', interest: { name, type: 'AAAA' } })
      bench.hear(a('198.18.0.7', { name }), nsec(name, ['A']))
    }
    expect(bench.cached).toBe(2 * HOSTS)
    bench.run(60 * SECOND)
    expect(bench.sends).toEqual([])
  })

  test('has to, once nobody asks any more', () => {
    const bench = new Listener()
    const name = nameFromText('host.local')
    bench.ask(name, 'A')
    bench.hear(a('198.18.0.7', { name }), nsec(name, ['A']))
    bench.step({ kind: 'forget', interest: { name, type: 'A' } })
    bench.ask(TYPE, 'PTR')
    for (let n = 0; n < LIMITS.cachedUnasked; n++) bench.hear(srv(instance(`${n}`)))
    expect([bench.knows(name, 'A'), bench.engine.lookup(name, 'NSEC').length]).toEqual([0, 0])
  })
})
