import { describe, expect, test, vi } from 'vitest'
import { encodeTxt } from '../../src/dnssd/txt.ts'
import type { BrowseEvent } from '../../src/dnssd/types.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
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
