import { expect, test } from 'vitest'
import { additionalsTo, answersTo, denialOf, unknownTo } from '../../src/mdns/responder.ts'
import { rrKey } from '../../src/mdns/rr.ts'
import { foldName, type Name, nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Rr } from '../../src/wire/types.ts'
import { a, HOST, INSTANCE, opaque, ptr, question, SUBTYPE, srv, TYPE, text } from '../conformance/lab.ts'

const aaaa = (name: Name, address: string): Rr => ({ ...a(name, address), type: 'AAAA' }) as Rr
const cname = (name: Name, target: Name): Rr => ({ ...ptr(name, target, 120), type: 'CNAME', flush: true }) as Rr
const zoneOf = (all: readonly Rr[]) => (name: Name) => all.filter((rr) => foldName(rr.name) === foldName(name))
const known = (...records: readonly Rr[]) => new Map(records.map((rr) => [rrKey(rr), rr.ttl]))

test('R163 nsecttl, R160 nsecbits: a denial lives as long as the shortest of what is there, at most 120 s', () => {
  const denial = { name: INSTANCE, type: 'NSEC', class: CLASS_IN, flush: true, next: INSTANCE }
  expect(denialOf([text(INSTANCE), srv(INSTANCE)])).toEqual({ ...denial, ttl: 120, types: ['TXT', 'SRV'] })
  expect(denialOf([text(INSTANCE, 'a=1', 30)])).toEqual({ ...denial, ttl: 30, types: ['TXT'] })
})

test('R162 nsec255, R165 nseconly: no denial of nothing, of shared names, of types beyond the restricted form', () => {
  expect(denialOf([])).toBeUndefined()
  expect(denialOf([ptr(TYPE, INSTANCE)])).toBeUndefined()
  expect(denialOf([srv(INSTANCE), { ...text(INSTANCE), flush: false }])).toBeUndefined()
  expect(denialOf([srv(INSTANCE), opaque(INSTANCE, 65_280)])).toBeUndefined()
})

test('R176 addsrv: aliases that point in a circle come to an end', () => {
  const one = nameFromText('one.local')
  const two = nameFromText('two.local')
  const records = zoneOf([cname(one, two), cname(two, one), srv(INSTANCE, { target: one })])
  expect(additionalsTo([srv(INSTANCE, { target: one })], records)).toEqual([])
  expect(answersTo(question(one, 'A'), records)).toEqual([cname(one, two)])
})

test('R172 addrall: addresses of both families of the target, each once, however many records point to it', () => {
  const addresses = [a(HOST, '198.18.0.1'), a(HOST, '198.18.0.2'), aaaa(HOST, 'fe80::1')]
  const records = zoneOf([...addresses, srv(INSTANCE), text(INSTANCE)])
  const answers = [ptr(TYPE, INSTANCE), ptr(SUBTYPE, INSTANCE)]
  expect(additionalsTo(answers, records)).toEqual([srv(INSTANCE), text(INSTANCE), ...addresses])
  expect(additionalsTo(addresses.slice(0, 2), records)).toEqual(addresses.slice(2))
  expect(additionalsTo([text(INSTANCE)], records)).toEqual([])
})

test('R123 rrset, R153 kapart: shared records one by one, unique ones as a set or not at all', () => {
  const set = [a(HOST, '198.18.0.1'), a(HOST, '198.18.0.2')] as const
  const shared = [ptr(TYPE, INSTANCE), ptr(TYPE, HOST)] as const
  expect(unknownTo(known(set[0]), set)).toEqual(set)
  expect(unknownTo(known(...set), set)).toEqual([])
  expect(unknownTo(known(shared[0]), shared)).toEqual([shared[1]])
  expect(unknownTo(known(set[0], set[1]), [...set, text(HOST)])).toEqual([text(HOST)])
})
