import { describe, expect, test, vi } from 'vitest'
import { encodeTxt } from '../../src/dnssd/txt.ts'
import type { BrowseEvent, Service } from '../../src/dnssd/types.ts'
import { Engine } from '../../src/mdns/engine.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { a, Lan, linesOf, ptr, say, srv, txt } from './lan.ts'

const web = { name: 'Web', type: 'http', port: 80 } as const
const HTTP = nameFromText('_http._tcp.local')
const BOX = nameFromText('box.local')

describe('many instances', () => {
  test('300 services on one host: each up once, its addresses asked for together', () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    for (let i = 0; i < 300; i++) one.dnssd.advertise({ ...web, name: `web ${i}`, port: 1000 + i })
    lan.world.run(20_000)
    const lines = linesOf(two.dnssd.browse('http'))
    lan.world.run(20_000)
    expect(lines.filter((line) => line.startsWith('up'))).toHaveLength(300)
    expect(lines.filter((line) => line.startsWith('down'))).toHaveLength(0)
    expect(lan.questions(two).filter((question) => question === 'A one.local').length).toBeLessThanOrEqual(4)
  })

  test('one change among 1,000 instances costs a few look-ups', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const browser = two.dnssd.browse('http')
    const lines = linesOf(browser)
    const peer = lan.world.peer()
    for (let i = 0; i < 1000; i++) {
      const x = nameFromText(`web ${i}._http._tcp.local`)
      say(peer, [ptr(HTTP, x), srv(x, BOX, i + 1), txt(x, encodeTxt({})), a(BOX, '198.18.9.9')])
    }
    lan.world.run(1000)
    expect(browser.services).toHaveLength(1000)
    const lookup = vi.spyOn(two.host, 'lookup')
    const one = nameFromText('web 7._http._tcp.local')
    say(peer, [srv(one, BOX, 5007)])
    lan.world.run(10)
    expect(lines.at(-1)).toBe('update web 7 5007')
    expect(lookup.mock.calls.length).toBeLessThan(10)
  })

  test('instances are bounded by the cache, however many a peer names', () => {
    const lan = new Lan()
    const engine = new Engine({ random: () => 0.5, hostName: 'two', limits: { pointers: 20 } })
    const browser = lan.station('two', { engine, families: [4] }).dnssd.browse('http', { resolve: false })
    const peer = lan.world.peer()
    for (let i = 0; i < 100; i++) say(peer, [ptr(HTTP, nameFromText(`web ${i}._http._tcp.local`))])
    lan.world.run(100)
    expect(browser.services).toHaveLength(20)
  })

  test.each([1, 2, 3, 4, 5])('seed %i: a view that followed a storm is the same as one made after it', (seed) => {
    const lan = new Lan({ seed })
    const two = lan.station('two')
    const followed = two.dnssd.browse('http')
    const seen = new Map<string, Service>()
    followed.on('up', (service) => {
      expect(seen.has(service.name)).toBe(false)
      seen.set(service.name, service)
    })
    followed.on('update', (service, previous) => {
      expect(seen.get(service.name)).toBe(previous)
      seen.set(service.name, service)
    })
    followed.on('down', (service) => expect(seen.delete(service.name)).toBe(true))
    storm(lan, seededRandom(seed, 99))
    const fresh = two.dnssd.browse('http')
    lan.world.run(1100)
    expect(two.errors).toEqual([])
    expect(seen.size).toBeGreaterThan(0)
    expect(plain(followed.services)).toEqual(plain(fresh.services))
    expect(plain([...seen.values()])).toEqual(plain(fresh.services))
  })

  test('a reader that sleeps costs no more than the cap, and still ends with the truth', async () => {
    const lan = new Lan()
    const browser = lan.station('two').dnssd.browse('http', { resolve: false })
    const iterator = browser[Symbol.asyncIterator]()
    const peer = lan.world.peer()
    const names = Array.from({ length: 50 }, (_, i) => nameFromText(`web ${i}._http._tcp.local`))
    for (let round = 0; round < 30; round++) {
      say(
        peer,
        names.map((name) => ptr(HTTP, name)),
      )
      lan.world.run(10)
      say(
        peer,
        names.map((name) => ptr(HTTP, name, round === 29 && name === names[0] ? 4500 : 0)),
      )
      lan.world.run(1500)
    }
    browser.stop()
    const up = new Set<string>()
    let count = 0
    for await (const { event, service } of { [Symbol.asyncIterator]: () => iterator } as AsyncIterable<BrowseEvent>) {
      count++
      if (event === 'up') up.add(service.name)
      if (event === 'down') up.delete(service.name)
    }
    expect([...up]).toEqual(['web 0'])
    expect(count).toBeLessThanOrEqual(LIMITS.queue + names.length)
  })

  test('a listener that throws takes no event from the others', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const browser = two.dnssd.browse('http', { resolve: false })
    browser.once('up', () => {
      throw new Error('mine')
    })
    const lines = linesOf(browser)
    say(
      lan.world.peer(),
      ['x', 'y'].map((name) => ptr(HTTP, nameFromText(`${name}._http._tcp.local`))),
    )
    lan.world.run(10)
    expect(lines).toEqual(['up y undefined'])
    expect(two.errors).toHaveLength(1)
  })
})

/** Records of eight instances on three hosts come, change and go at random, from two peers. */
function storm(lan: Lan, random: () => number): void {
  const peers = [lan.world.peer(), lan.world.peer()] as const
  const pick = (count: number) => Math.floor(random() * count)
  for (let i = 0; i < 400; i++) {
    const x = nameFromText(`web ${pick(8)}._http._tcp.local`)
    const host = nameFromText(`box-${pick(3)}.local`)
    const ttl = [0, 20, 120, 4500][pick(4)] ?? 120
    const any = [
      ptr(HTTP, x, ttl),
      srv(x, host, 1 + pick(3), ttl),
      txt(x, encodeTxt({ a: String(pick(3)) }), ttl || 120),
      a(host, `198.18.9.${pick(4)}`, ttl),
    ]
    say(
      peers[pick(2)] ?? peers[0],
      any.filter(() => random() < 0.6),
    )
    lan.world.run(pick(3000))
  }
}

function plain(services: readonly Service[]): string[] {
  const line = ({ name, host, port, addresses, txt }: Service) =>
    JSON.stringify([name, host, port, addresses, [...txt]])
  return services.map(line).sort()
}
