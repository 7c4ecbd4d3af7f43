import { describe, expect, test } from 'vitest'
import { nameFromLabels, nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Rr } from '../../src/wire/types.ts'
import { a, HOST, instance, nsec, ptr, srv, TYPE, txt } from '../mdns/records.ts'
import { browsing, WEB } from './finding.ts'
import { Rig } from './rig.ts'

const SECOND = 1000

describe('names and records', () => {
  /** Whether a record is found under another spelling of its name. */
  function same(name: string, other: string): boolean {
    const rig = new Rig()
    rig.ask(nameFromLabels([name, 'local']), 'A')
    rig.respond(a('198.18.0.9', { name: nameFromLabels([other, 'local']) }))
    return rig.known(nameFromLabels([name, 'local']), 'A').length === 1 && rig.news.length === 1
  }

  test('R39 case, R41 nofold, goal 20: only A to Z and a to z are the same', () => {
    expect(same('Printer', 'pRINTER')).toBe(true)
    expect(same('Büro', 'bÜRO')).toBe(false)
    expect(same('É', 'é')).toBe(false)
    expect(same('K', '\u212a')).toBe(false)
    expect(same('Ａ', 'ａ')).toBe(false)
    expect(same('[', '{')).toBe(false)
    expect(same('\ufeffa', 'a')).toBe(false)
    expect(same('a\0', 'a')).toBe(false)
  })

  test('R40 casepres, R42 dots, R37 bom: a name is told as it came, a dot in a label is no border', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    const labels = ['A.B v1.0\\x', 'MiXeD', '\ufeffmark', 'Büro 日本']
    for (const label of labels) rig.respond(ptr(instance(label), 4500, nameFromText('_HTTP._tcp.LOCAL')))
    expect(rig.known(TYPE, 'PTR')).toEqual(labels.map(instance).sort())
    rig.ask(instance('A.B v1.0\\x'), 'SRV')
    rig.run(500)
    expect(rig.asked(instance('A.B v1.0\\x'), 'SRV')).toHaveLength(1)
    rig.respond(ptr(instance('A.B v1.0\\x'), 0))
    rig.run(SECOND)
    expect(rig.known(TYPE, 'PTR')).toHaveLength(3)
  })

  test('R38 bin8, R43 ctrl: labels of any bytes are kept apart and harm nothing', () => {
    const rig = browsing()
    const odd = nameFromLabels([new Uint8Array([0xff, 0xfe, 0x00]), '_http', '_tcp', 'local'])
    rig.respond(ptr(odd), ptr(WEB), srv(odd))
    expect(rig.known(TYPE, 'PTR')).toEqual([odd, WEB].sort())
    expect(rig.known(odd, 'SRV')).toEqual([8080])
  })

  test('R35 name255: a name of 256 bytes is found and asked for', () => {
    const rig = new Rig()
    const name = nameFromLabels([...['a', 'b', 'c'].map((each) => each.repeat(63)), 'd'.repeat(56), 'local'])
    rig.ask(name, 'A')
    rig.respond(a('198.18.0.9', { name }))
    expect(rig.known(name, 'A')).toEqual(['198.18.0.9'])
  })

  test('R48 cmpdec, R49 mask: the flush bit is no part of what a record is', () => {
    const rig = new Rig()
    rig.ask(WEB, 'SRV')
    rig.respond(srv(WEB))
    rig.respond(srv(WEB, { flush: false, ttl: 100 }))
    rig.respond(srv(WEB, { target: nameFromText('PRINTER.Local') }))
    expect(rig.news).toHaveLength(1)
  })

  test('R52 unktype, R54 rdmis: records of unknown types are passed over, and may be asked for', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    rig.ask(WEB, 'SRV')
    rig.ask(WEB, 'TYPE65280')
    const unknown: Rr = { name: WEB, type: 'TYPE65280', class: CLASS_IN, flush: true, ttl: 9, data: new Uint8Array(3) }
    const bad = { ...unknown, type: 'TYPE1' as const }
    rig.respond(ptr(WEB), unknown, bad, srv(WEB))
    expect([rig.known(TYPE, 'PTR'), rig.known(WEB, 'SRV'), rig.known(WEB, 'TYPE65280')]).toEqual([
      [WEB],
      [8080],
      ['TYPE65280'],
    ])
  })

  test('R57 max9000: a response of nearly 9,000 bytes is read whole', () => {
    const rig = new Rig()
    const names = Array.from({ length: 34 }, (_, n) => instance(`${n}`))
    rig.respond(...names.map((name) => txt(name, { data: new Uint8Array(240) })))
    expect(rig.world.transcript.at(-1)?.bytes.length).toBeGreaterThan(8_500)
    for (const name of names) expect(rig.lookup(name, 'TXT')).toHaveLength(1)
  })

  test('goal 70: a denial of what is there changes nothing', () => {
    const rig = new Rig()
    rig.ask(HOST, 'A')
    rig.respond(a('198.18.0.9'), nsec(HOST, []))
    rig.run(60 * SECOND)
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
    expect(rig.news.filter(({ what }) => what.startsWith('-'))).toEqual([])
  })
})
