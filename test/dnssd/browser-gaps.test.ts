import { describe, expect, test } from 'vitest'
import { encodeTxt } from '../../src/dnssd/txt.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { a, Lan, linesOf, nsec, ptr, say, srv, txt } from './lan.ts'

const web = { name: 'Web', type: 'http', port: 80 } as const
const HTTP = nameFromText('_http._tcp.local')
const X = nameFromText('x._http._tcp.local')
const BOX = nameFromText('box.local')
const whole = [srv(X, BOX, 80), txt(X, encodeTxt({ a: '1' })), a(BOX, '198.18.9.9')]

describe('incomplete and odd answers', () => {
  test('R309 brres: an instance without SRV is not up, and is as soon as there is one', () => {
    const lan = new Lan()
    const lines = linesOf(lan.station('two').dnssd.browse('http'))
    const peer = lan.world.peer()
    say(peer, [ptr(HTTP, X)])
    lan.world.run(5000)
    expect(lines).toEqual([])
    say(peer, whole)
    lan.world.run(10)
    expect(lines).toEqual(['up x 80'])
  })

  test('R292 txteq: without a TXT record it is up after a second, or at once if the owner denies it', () => {
    const lan = new Lan()
    const browser = lan.station('two').dnssd.browse('http')
    const peer = lan.world.peer()
    const y = nameFromText('y._http._tcp.local')
    say(peer, [ptr(HTTP, X), srv(X, BOX, 80), a(BOX, '198.18.9.9')])
    say(peer, [ptr(HTTP, y), srv(y, BOX, 81)], [nsec(y, ['SRV'])])
    lan.world.run(500)
    expect(browser.services.map(({ name }) => name)).toEqual(['y'])
    lan.world.run(600)
    expect(browser.services.map(({ name, txt }) => `${name} ${txt.size}`).sort()).toEqual(['x 0', 'y 0'])
  })

  test('R113 antec: a PTR that leads to no SRV is doubted, and goes', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const browser = two.dnssd.browse('http', { resolve: true })
    const bare = linesOf(two.dnssd.browse('http', { resolve: false }))
    say(lan.world.peer(), [ptr(HTTP, X)])
    lan.world.run(40_000)
    expect(bare).toEqual(['up x undefined', 'down x unconfirmed'])
    expect(browser.services).toEqual([])
    expect(two.errors).toEqual([])
  })

  test('R290 srvdot: a target "." is not available', () => {
    const lan = new Lan()
    const lines = linesOf(lan.station('two').dnssd.browse('http'))
    say(lan.world.peer(), [ptr(HTTP, X), srv(X, nameFromText('.'), 0), txt(X, encodeTxt({}))])
    lan.world.run(5000)
    expect(lines).toEqual([])
  })

  test('R283 instdom: the type is that of the target; what is no instance is passed over', () => {
    const lan = new Lan()
    const browser = lan.station('two').dnssd.browse('http', { resolve: false })
    const targets = ['x._ipp._udp.local', '_http._tcp.local', 'x._http._tcp.example', '.', 'a.b']
    say(
      lan.world.peer(),
      targets.map((target) => ptr(HTTP, nameFromText(target))),
    )
    lan.world.run(100)
    expect(browser.services.map(({ name, type }) => `${name} ${type}`)).toEqual(['x _ipp._udp'])
  })

  test('a host outside of .local is not asked for on the link', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const browser = two.dnssd.browse('http')
    say(lan.world.peer(), [ptr(HTTP, X), srv(X, nameFromText('www.example.com'), 80), txt(X, encodeTxt({}))])
    lan.world.run(5000)
    expect(browser.services.map(({ host }) => host)).toEqual(['www.example.com'])
    expect(lan.questions(two).filter((question) => question.includes('example'))).toEqual([])
  })

  test('R307 txtchg: the same said again is no event', () => {
    const lan = new Lan()
    const lines = linesOf(lan.station('two').dnssd.browse('http'))
    const peer = lan.world.peer()
    for (let i = 0; i < 5; i++) {
      say(peer, [ptr(HTTP, X), ...whole])
      lan.world.run(1500)
    }
    say(peer, [txt(X, encodeTxt({ a: '2' }))])
    lan.world.run(3000)
    expect(lines).toEqual(['up x 80', 'update x 80'])
  })
})

describe('instances that fall silent', () => {
  test('a node that was killed is down when its SRV runs out, and its PTR is doubted', () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    const lines = linesOf(two.dnssd.browse('http'))
    one.dnssd.advertise(web)
    lan.world.run(10_000)
    lan.world.transport(one.host).disconnect(lan.world.lan)
    const killed = lan.world.now
    expect(lan.world.runUntil(() => lines.length > 1, 200_000)).toBe(true)
    expect(lan.world.now - killed).toBeLessThanOrEqual(125_000)
    expect(lines).toEqual(['up Web 80', 'down Web expired'])
    const before = lan.world.now
    lan.world.run(12_000)
    expect(lan.questions(two, before)).toContain(`PTR ${HTTP}`)
    expect(two.host.lookup(HTTP, 'PTR')).toEqual([])
  })

  test('R113 antec: only the PTR that led there is doubted', () => {
    const lan = new Lan()
    const lines = linesOf(lan.station('two').dnssd.browse('http', { resolve: true }))
    const bare = linesOf(lan.station('three').dnssd.browse('http', { resolve: false }))
    const y = nameFromText('y._http._tcp.local')
    const peer = lan.world.peer()
    say(peer, [ptr(HTTP, X), srv(X, BOX, 80, 5), txt(X, encodeTxt({})), a(BOX, '198.18.9.9', 4500)])
    say(peer, [ptr(HTTP, y), srv(y, BOX, 81, 4500), txt(y, encodeTxt({}))])
    lan.world.run(60_000)
    expect(lines.filter((line) => line.includes(' y '))).toEqual(['up y 81'])
    expect(bare.filter((line) => line.includes(' y '))).toEqual(['up y undefined'])
  })

  test('it is up again when its SRV comes back', () => {
    const lan = new Lan()
    const two = lan.station('two')
    const lines = linesOf(two.dnssd.browse('http'))
    const peer = lan.world.peer()
    say(peer, [ptr(HTTP, X), srv(X, BOX, 80, 5), txt(X, encodeTxt({})), a(BOX, '198.18.9.9')])
    lan.world.run(6000)
    expect(lines).toEqual(['up x 80', 'down x expired'])
    say(peer, [ptr(HTTP, X), srv(X, BOX, 80), a(BOX, '198.18.9.9')])
    lan.world.run(100)
    expect(lines).toEqual(['up x 80', 'down x expired', 'up x 80'])
  })

  test('a move to another host is one update, also if its addresses come a little later', () => {
    const lan = new Lan()
    const lines = linesOf(lan.station('two').dnssd.browse('http'))
    const peer = lan.world.peer()
    const other = nameFromText('other.local')
    say(peer, [ptr(HTTP, X), ...whole])
    lan.world.run(3000)
    say(peer, [srv(X, other, 81)])
    lan.world.run(800)
    say(peer, [a(other, '198.18.9.8')])
    lan.world.run(3000)
    expect(lines).toEqual(['up x 80', 'update x 81'])
    say(peer, [srv(X, nameFromText('nowhere.local'), 82)])
    lan.world.run(900)
    expect(lines).toHaveLength(2)
    lan.world.run(200)
    expect(lines.at(-1)).toBe('down x superseded')
  })

  test('an address that goes is an update, the last one takes the instance down', () => {
    const lan = new Lan()
    const lines = linesOf(lan.station('two').dnssd.browse('http'))
    const peer = lan.world.peer()
    say(peer, [ptr(HTTP, X), ...whole, a(BOX, '198.18.9.8')])
    lan.world.run(100)
    say(peer, [a(BOX, '198.18.9.8', 0)])
    lan.world.run(1100)
    expect(lines).toEqual(['up x 80', 'update x 80'])
    say(peer, [a(BOX, '198.18.9.9', 0)])
    lan.world.run(1100)
    expect(lines).toEqual(['up x 80', 'update x 80', 'down x goodbye'])
  })
})
