import { describe, expect, test } from 'vitest'
import { addressesOf, chooseSrv, resolution, sameService } from '../../src/dnssd/resolve.ts'
import { instanceParts } from '../../src/dnssd/service-type.ts'
import { encodeTxt, txtText } from '../../src/dnssd/txt.ts'
import type { Heard, Link, Lookup } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { nameFromText, sameName } from '../../src/wire/name.ts'
import type { Rr, SrvRr } from '../../src/wire/types.ts'
import { a, nsec, srv, txt } from './lan.ts'

const X = nameFromText('x._http._tcp.local')
const BOX = nameFromText('box.local')
const parts = instanceParts(X) ?? { name: '', type: '', domain: '' }
const random = () => 0.5

const link = (id: string): Link => ({
  id,
  interface: id.split('/')[0] ?? '',
  family: 4,
  addresses: [],
  unicast: true,
})
const links = [link('lan/4'), link('lan/6'), link('wlan/4')]

function heard(rr: Rr, at = 0, on = 'lan/4'): Heard {
  return { rr, link: on, at, until: at + rr.ttl * 1000 }
}

function lookupIn(all: readonly Heard[]): Lookup {
  return (name, type) => all.filter(({ rr }) => rr.type === type && sameName(rr.name, name)).sort((p, q) => q.at - p.at)
}

const ranked = (port: number, priority: number, weight: number, flush = false): SrvRr => {
  const rr = srv(X, BOX, port, 120, { priority, weight })
  if (rr.type !== 'SRV') throw new Error('no SRV')
  return { ...rr, flush }
}

describe('what is missing', () => {
  const steps: readonly [Heard, string | undefined][] = [
    [heard(srv(X, BOX, 80)), 'address'],
    [heard(a(BOX, '198.18.0.1')), 'TXT'],
    [heard(txt(X, encodeTxt({ a: '1' }))), undefined],
  ]
  test('SRV, then the addresses, then the TXT record', () => {
    const all: Heard[] = []
    const read = () => resolution(X, parts, { lookup: lookupIn(all), links, random })
    expect(read()).toMatchObject({ missing: 'SRV', target: undefined })
    for (const [next, missing] of steps) {
      all.push(next)
      expect(read()).toMatchObject({ missing, target: BOX })
    }
    expect(txtText(read().service.txt)).toEqual({ a: '1' })
  })

  test('R290 srvdot: a root target is a host that is missing for good', () => {
    const lookup = lookupIn([heard(srv(X, nameFromText('.'), 0))])
    expect(resolution(X, parts, { lookup, links, random })).toMatchObject({ missing: 'host', target: undefined })
  })

  test('R292 txteq: a TXT record that is denied is not missing', () => {
    const lookup = lookupIn([srv(X, BOX, 80), a(BOX, '198.18.0.1'), nsec(X, ['SRV'])].map((rr) => heard(rr)))
    expect(resolution(X, parts, { lookup, links, random }).missing).toBeUndefined()
  })

  test('R306 txtmulti: of several TXT records the newest counts', () => {
    const lookup = lookupIn([heard(txt(X, encodeTxt({ a: '1' })), 1), heard(txt(X, encodeTxt({ a: '2' })), 2)])
    expect(txtText(resolution(X, parts, { lookup, links, random }).service.txt)).toEqual({ a: '2' })
  })
})

describe('R289 srvsel', () => {
  const shared = [ranked(1, 10, 5), ranked(2, 0, 1), ranked(3, 0, 3)].map((rr) => heard(rr))

  test('the lowest priority counts, and there the weight', () => {
    const draw = seededRandom(1, 1)
    const counts = new Map<number, number>()
    for (let i = 0; i < 1000; i++) {
      const port = chooseSrv(shared, draw)?.port ?? 0
      counts.set(port, (counts.get(port) ?? 0) + 1)
    }
    expect(counts.get(1)).toBeUndefined()
    expect(counts.get(3)).toBeGreaterThan(690)
    expect(counts.get(3)).toBeLessThan(810)
  })

  test('what was chosen stays chosen', () => {
    const { service } = resolution(X, parts, { lookup: lookupIn(shared), links, random: () => 0 })
    for (const chance of [0, 0.5, 0.99]) expect(chooseSrv(shared, () => chance, service)?.port).toBe(service.port)
  })

  test('a weight of zero among others has little chance, and all of it alone', () => {
    expect(chooseSrv([heard(ranked(1, 0, 0))], () => 0.99)?.port).toBe(1)
    expect(chooseSrv([heard(ranked(1, 0, 0)), heard(ranked(2, 0, 9))], () => 0.5)?.port).toBe(2)
  })

  test('a newer unique record replaces an older one, whatever its rank', () => {
    const older = heard(ranked(1, 0, 0, true), 1000)
    expect(chooseSrv([heard(ranked(2, 9, 0, true), 2000), older], random)?.port).toBe(2)
  })
})

test('addresses are named once per interface, in an order of their own', () => {
  const all = [
    heard(a(BOX, '198.18.0.2'), 5),
    heard(a(BOX, '198.18.0.2'), 6, 'lan/6'),
    heard(a(BOX, '198.18.0.2'), 7, 'wlan/4'),
    heard(a(BOX, '198.18.0.1'), 1),
    heard(a(BOX, '198.18.0.9'), 1, 'gone/4'),
  ]
  const expected = ['198.18.0.1 lan', '198.18.0.2 lan', '198.18.0.2 wlan']
  for (const order of [all, all.toReversed()]) {
    const found = addressesOf(BOX, { lookup: lookupIn(order), links, random })
    expect(found.map((each) => `${each.address} ${each.interface}`)).toEqual(expected)
  }
})

test('R105 flush1s: an address that is being replaced comes last, on the link where it is', () => {
  const old = heard(a(BOX, '198.18.0.1'), 1_000)
  const found = (...all: readonly Heard[]) => {
    const told = addressesOf(BOX, { lookup: lookupIn(all), links, random })
    return told.map((each) => `${each.address} ${each.interface}`)
  }
  expect(found(old, heard(a(BOX, '198.18.0.2'), 2_000))).toEqual(['198.18.0.1 lan', '198.18.0.2 lan'])
  expect(found(old, heard(a(BOX, '198.18.0.2'), 2_001))).toEqual(['198.18.0.2 lan', '198.18.0.1 lan'])
  expect(found(old, heard(a(BOX, '198.18.0.2'), 9_000, 'wlan/4'))).toEqual(['198.18.0.1 lan', '198.18.0.2 wlan'])
})

test('R307 txtchg: case of the host and forms of an empty TXT make no difference, all else does', () => {
  const service = { ...parts, fullName: X, host: 'box.local', port: 80, addresses: [], txt: new Map() }
  expect(sameService(service, { ...service, host: 'BOX.local', txtData: Uint8Array.of(0) })).toBe(true)
  const address = { address: '198.18.0.1', family: 4, interface: 'lan' } as const
  for (const change of [
    { host: 'b.local' },
    { port: 81 },
    { addresses: [address] },
    { txtData: Uint8Array.of(1, 97) },
  ]) {
    expect(sameService(service, { ...service, ...change })).toBe(false)
  }
  const at = { ...service, addresses: [address] }
  expect(sameService(at, { ...service, addresses: [{ ...address, interface: 'wlan' }] })).toBe(false)
})
