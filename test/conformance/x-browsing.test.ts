import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { Lan, linesOf, ptr, say, srv, txt } from '../dnssd/lan.ts'
import { a, HOST, instance, question, TYPE } from '../mdns/records.ts'

const META = nameFromText('_services._dns-sd._udp.local')
const SUB = nameFromText('_printer._sub._http._tcp.local')

class Asker {
  readonly lan = new Lan({ families: [4] })
  readonly dnssd = this.lan.station('one').dnssd
  readonly peer = this.lan.world.peer()

  /** What is answered to a question, and after how many milliseconds. */
  ask(): readonly { readonly after: number; readonly answers: readonly Rr[] }[] {
    const start = this.lan.world.now
    this.peer.heard.length = 0
    this.peer.send(encode({ questions: [question(META, 'PTR')] }))
    this.lan.world.run(1_000)
    return this.peer.heard.map(({ at, bytes }) => ({ after: at - start, answers: decode(bytes).answers }))
  }
}

describe('the list of types', () => {
  test('R315 meta: each type is named once, 20 to 120 ms later, by a shared record of 4500 s', () => {
    const asker = new Asker()
    for (const name of ['One', 'Two']) asker.dnssd.advertise({ name, type: 'http', port: 80, subtypes: ['_printer'] })
    asker.dnssd.advertise({ name: 'One', type: 'ipp', port: 631 })
    asker.lan.world.run(5_000)
    const heard = asker.ask()
    expect(heard).toHaveLength(1)
    expect(heard[0]?.answers).toEqual([ptr(META, TYPE), ptr(META, nameFromText('_ipp._tcp.local'))])
    expect(heard[0]?.after).toBeGreaterThanOrEqual(20)
    expect(heard[0]?.after).toBeLessThanOrEqual(120)
  })

  test('R316 metaann: a type goes from the list with the last of its instances', async () => {
    const asker = new Asker()
    const [one, two] = ['One', 'Two'].map((name) => asker.dnssd.advertise({ name, type: 'http', port: 80 }))
    asker.lan.world.run(5_000)
    await one?.withdraw()
    asker.lan.world.run(5_000)
    expect(asker.ask().flatMap(({ answers }) => answers)).toEqual([ptr(META, TYPE)])
    asker.peer.heard.length = 0
    await two?.withdraw()
    asker.lan.world.run(5_000)
    const parting = asker.peer.heard.flatMap(({ bytes }) => decode(bytes).answers)
    expect(parting).toContainEqual(ptr(META, TYPE, 0))
    expect(asker.ask()).toEqual([])
  })
})

describe('subtypes', () => {
  test('R312 subbrowse, R313 subgb: what leaves the subtype is still of the type', () => {
    const lan = new Lan({ families: [4] })
    const one = lan.station('one')
    const printers = one.dnssd.browse('http', { subtype: '_printer' })
    const printerLines = linesOf(printers)
    lan.world.run(200)
    expect(new Set(lan.questions(one))).toEqual(new Set([`PTR ${SUB}`]))
    const baseLines = linesOf(one.dnssd.browse('http'))
    const peer = lan.world.peer()
    const X = instance('x')
    const rest = [srv(X, HOST, 80), txt(X, new Uint8Array([0])), a('198.18.0.9')]
    say(peer, [ptr(TYPE, X), ptr(SUB, X), ...rest])
    lan.world.run(3_000)
    expect(printers.services).toMatchObject([{ name: 'x', type: '_http._tcp' }])
    say(peer, [ptr(SUB, X, 0)])
    lan.world.run(2_000)
    expect(printerLines).toEqual(['up x 80', 'down x goodbye'])
    expect(baseLines).toEqual(['up x 80'])
  })
})
