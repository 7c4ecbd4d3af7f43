import { describe, expect, test } from 'vitest'
import { encodeTxt, txtText } from '../../src/dnssd/txt.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { a, Lan, linesOf, ptr, say, srv, txt } from './lan.ts'

const web = { name: 'Web', type: 'http', port: 80 } as const
const HTTP = nameFromText('_http._tcp.local')
const X = nameFromText('x._http._tcp.local')
const BOX = nameFromText('box.local')
const whole = [srv(X, BOX, 80), txt(X, encodeTxt({ a: '1' })), a(BOX, '198.18.9.9')]

describe('instances come and go', () => {
  test('R308 brlive: one up over two families, one update for a change, one down for a goodbye', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    const browser = two.dnssd.browse('_HTTP._tcp')
    const lines = linesOf(browser)
    const advertisement = one.dnssd.advertise({ ...web, txt: { a: '1' } })
    lan.world.run(20_000)
    expect(lines).toEqual(['up Web 80'])
    advertisement.update({ port: 81, txt: { a: '2' } })
    lan.world.run(20_000)
    expect(lines).toEqual(['up Web 80', 'update Web 81'])
    expect(txtText(browser.services[0]?.txt ?? new Map())).toEqual({ a: '2' })
    await advertisement.withdraw()
    lan.world.run(5000)
    expect(lines).toEqual(['up Web 80', 'update Web 81', 'down Web goodbye'])
    expect(browser.services).toEqual([])
  })

  test('a service has all that a client needs, each address once per interface', () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    one.dnssd.advertise(web)
    const browser = two.dnssd.browse('http')
    lan.world.run(5000)
    const own = lan.world.transport(one.host).interface(lan.world.lan)?.addresses ?? []
    const [service] = browser.services
    expect(service).toMatchObject({ name: 'Web', type: '_http._tcp', domain: 'local', host: 'one.local', port: 80 })
    expect(service?.addresses.map(({ address }) => address).sort()).toEqual(own.map(({ address }) => address).sort())
    expect(new Set(service?.addresses.map((each) => each.interface)).size).toBe(1)
  })

  test('a program sees what it advertises itself', () => {
    const lan = new Lan()
    const { dnssd } = lan.station('one')
    dnssd.advertise(web)
    const lines = linesOf(dnssd.browse('http'))
    lan.world.run(5000)
    expect(lines).toEqual(['up Web 80'])
  })

  test.each(['A.B v1.0\\x', 'Küche 😀', 'a._http._tcp.local', ' ', '<img src=x>'])(
    'R42 dots: %j arrives whole',
    (name) => {
      const lan = new Lan()
      const browser = lan.station('two').dnssd.browse('http')
      lan.station('one').dnssd.advertise({ ...web, name })
      lan.world.run(5000)
      expect(browser.services.map((service) => service.name)).toEqual([name])
    },
  )

  test('what is known when browsing begins is told at once, and only after listeners can be there', () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    one.dnssd.advertise(web)
    two.dnssd.browse('http')
    lan.world.run(5000)
    const second = two.dnssd.browse('http')
    expect(second.services).toEqual([])
    const lines = linesOf(second)
    lan.world.run(0)
    expect(lines).toEqual(['up Web 80'])
  })

  test('without resolving an instance is up by its PTR alone, and nothing more is asked', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const browser = two.dnssd.browse('http', { resolve: false })
    say(lan.world.peer(), [ptr(HTTP, X)])
    lan.world.run(5000)
    expect(browser.services).toEqual([
      { name: 'x', type: '_http._tcp', domain: 'local', fullName: X, addresses: [], txt: new Map() },
    ])
    expect(new Set(lan.questions(two))).toEqual(new Set([`PTR ${HTTP}`]))
  })
})

describe('subtypes', () => {
  test('R310 subptr, R312 subbrowse, R313 subgb: a subtype is asked for by name; its goodbye is its own', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const peer = lan.world.peer()
    const sub = nameFromText('_printer._sub._http._tcp.local')
    const [base, printers] = [two.dnssd.browse('http'), two.dnssd.browse('http', { subtype: '_printer' })]
    const [baseLines, printerLines] = [linesOf(base), linesOf(printers)]
    lan.world.run(10)
    say(peer, [ptr(HTTP, X), ptr(sub, X)], whole)
    lan.world.run(3000)
    expect(lan.questions(two)).toContain(`PTR ${sub}`)
    expect(printers.services[0]?.type).toBe('_http._tcp')
    say(peer, [ptr(sub, X, 0)])
    lan.world.run(900)
    expect(printerLines).toEqual(['up x 80'])
    lan.world.run(200)
    expect(printerLines).toEqual(['up x 80', 'down x goodbye'])
    expect(baseLines).toEqual(['up x 80'])
  })
})

describe('several links', () => {
  test('R308 brlive: one service on two links is up once, and down only when the last is gone', () => {
    const lan = new Lan()
    const networks = [lan.world.lan, lan.world.network('other')]
    const [one, two] = [lan.station('one', { networks }), lan.station('two', { networks })]
    const browser = two.dnssd.browse('http')
    const lines = linesOf(browser)
    one.dnssd.advertise(web)
    lan.world.run(10_000)
    expect(lines[0]).toBe('up Web 80')
    expect(lines.filter((line) => line.startsWith('up '))).toHaveLength(1)
    expect(new Set(browser.services[0]?.addresses.map((each) => each.interface)).size).toBe(2)
    lan.world.transport(two.host).disconnect(lan.world.lan)
    lan.world.run(10_000)
    expect(lines.filter((line) => line.startsWith('down'))).toEqual([])
    expect(new Set(browser.services[0]?.addresses.map((each) => each.interface)).size).toBe(1)
    lan.world.transport(two.host).disconnect(lan.world.network('other'))
    const still = lines.length
    lan.world.run(4_999)
    expect(lines).toHaveLength(still)
    lan.world.run(1)
    expect(lines.slice(still)).toEqual(['down Web link-gone'])
  })
})

describe('the end', () => {
  test('stop ends questions and events', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const browser = two.dnssd.browse('http')
    const lines = linesOf(browser)
    lan.world.run(1000)
    browser.stop()
    browser.stop()
    const before = lan.world.now
    lan.station('one').dnssd.advertise(web)
    lan.world.run(200_000)
    expect(lines).toEqual([])
    expect(lan.questions(two, before)).toEqual([])
  })

  test('leaving a loop stops the browser and every question', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    one.dnssd.advertise(web)
    lan.world.run(5000)
    const browser = two.dnssd.browse('http')
    const first = (async () => {
      for await (const event of browser) return event
      return undefined
    })()
    expect(await lan.world.until(first)).toMatchObject({ event: 'up', service: { name: 'Web' } })
    expect(await browser[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
    const before = lan.world.now
    lan.world.run(200_000)
    expect(lan.questions(two, before)).toEqual([])
  })

  test('an aborted signal ends the loop, also when it was aborted before', async () => {
    const lan = new Lan()
    const { dnssd } = lan.station('two')
    const controller = new AbortController()
    const follow = async () => {
      for await (const _ of dnssd.browse('http', { signal: controller.signal }));
      return 'over'
    }
    const running = follow()
    controller.abort()
    expect(await running).toBe('over')
    expect(await follow()).toBe('over')
  })

  test('closing DNS-SD ends the loop', async () => {
    const lan = new Lan()
    const { dnssd } = lan.station('two')
    const next = dnssd.browse('http')[Symbol.asyncIterator]().next()
    await lan.world.until(dnssd.close())
    expect(await next).toEqual({ done: true, value: undefined })
  })
})
