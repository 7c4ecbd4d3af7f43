import { describe, expect, test } from 'vitest'
import type { Browser } from '../../src/dnssd/browser.ts'
import { encodeTxt } from '../../src/dnssd/txt.ts'
import type { Peer } from '../../src/sim/peer.ts'
import { decode } from '../../src/wire/decode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { a, Lan, linesOf, ptr, say, srv, txt } from './lan.ts'

const HTTP = nameFromText('_http._tcp.local')
const X = nameFromText('x._http._tcp.local')
const BOX = nameFromText('box.local')

/** What an instance is made of, of which one kind of record lives for `ttl` seconds and the others long. */
function partsOf(mortal: string, ttl: number): Record<string, Rr> {
  const life = (type: string) => (type === mortal ? ttl : 4500)
  return {
    PTR: ptr(HTTP, X, life('PTR')),
    SRV: srv(X, BOX, 80, life('SRV')),
    TXT: txt(X, encodeTxt({})),
    A: a(BOX, '198.18.9.9', life('A')),
  }
}

interface Watched {
  readonly lan: Lan
  readonly peer: Peer
  readonly browser: Browser
  readonly lines: string[]
  readonly records: Record<string, Rr>
}

/** At the moment at which the mortal record runs out, and not a step later. */
function watched(mortal: string, ttl: number): Watched {
  const lan = new Lan({ latency: 0, families: [4] })
  const browser = lan.station('two').dnssd.browse('http')
  const lines = linesOf(browser)
  const peer = lan.world.peer()
  const records = partsOf(mortal, ttl)
  say(peer, Object.values(records))
  lan.world.run(ttl * 1000 - 1)
  expect(lines).toEqual(['up x 80'])
  lan.world.run(1)
  return { lan, peer, browser, lines, records }
}

describe.each(['PTR', 'SRV', 'A'])('an instance whose %s record was not heard again', (mortal) => {
  const record = (records: Record<string, Rr>) => records[mortal] as Rr

  test('stays up for four and a half seconds, then is down', () => {
    const { lan, browser, lines } = watched(mortal, 60)
    lan.world.run(4499)
    expect(lines).toEqual(['up x 80'])
    expect(browser.services.map(({ name, port }) => `${name} ${port}`)).toEqual(['x 80'])
    lan.world.run(1)
    expect(lines).toEqual(['up x 80', 'down x expired'])
    expect(browser.services).toEqual([])
  })

  test('is no news if the record is heard in time', () => {
    const { lan, peer, lines, records } = watched(mortal, 60)
    lan.world.run(4400)
    say(peer, [record(records)])
    lan.world.run(59_000)
    expect(lines).toEqual(['up x 80'])
  })

  test('is asked for three times meanwhile, in a new series', () => {
    const { lan, lines } = watched(mortal, 60)
    const from = lan.world.now
    lan.world.run(4400)
    expect(lines).toEqual(['up x 80'])
    const question = `${mortal} ${{ PTR: HTTP, SRV: X, A: BOX }[mortal]}`
    const asked = lan.world.transcript.filter(({ at, sender }) => sender === 'two' && at >= from)
    const times = asked.flatMap(({ at, bytes }) =>
      decode(bytes).questions.some(({ name, type }) => `${type} ${name}` === question) ? [at - from] : [],
    )
    expect(times.map((at) => Math.floor(at / 1000))).toEqual([0, 1, 3])
  })

  test('is down with its time if it wanted a short life', () => {
    const { lines } = watched(mortal, 59)
    expect(lines).toEqual(['up x 80', 'down x expired'])
  })

  test('may change while it is suspect, and that is one update', () => {
    const { lan, peer, lines, records } = watched(mortal, 60)
    lan.world.run(2000)
    say(peer, mortal === 'SRV' ? [srv(X, BOX, 81)] : [record(records), srv(X, BOX, 81)])
    lan.world.run(20_000)
    expect(lines).toEqual(['up x 80', 'update x 81'])
  })
})

test('a goodbye is believed at once, also about a suspect', () => {
  const { lan, peer, lines } = watched('SRV', 60)
  lan.world.run(1000)
  say(peer, [ptr(HTTP, X, 0)])
  lan.world.run(1000)
  expect(lines).toEqual(['up x 80', 'down x goodbye'])
})

test('a new TXT record neither ends the time of a suspect nor begins it anew', () => {
  const { lan, peer, lines } = watched('SRV', 60)
  say(peer, [txt(X, encodeTxt({ a: '1' }), 60)])
  lan.world.run(4499)
  expect(lines).toEqual(['up x 80'])
  lan.world.run(1)
  expect(lines).toEqual(['up x 80', 'down x expired'])
})

test('a browser that was stopped tells nothing of its suspects, and holds no timer for them', () => {
  const { lan, browser, lines } = watched('PTR', 60)
  browser.stop()
  lan.world.run(60_000)
  expect(lines).toEqual(['up x 80'])
})
