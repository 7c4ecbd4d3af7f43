import { expect, test } from 'vitest'
import { Matters } from '../../src/mdns/matters.ts'
import { Zone } from '../../src/mdns/zone.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { a, HOST, INSTANCE, ptr, srv, TYPE, text } from '../conformance/lab.ts'

test('R242 gbshared: a record goes with the last of those who hold it', () => {
  const zone = new Zone(new Matters(), new Matters())
  const pointer = ptr(TYPE, INSTANCE)
  zone.set('one', [pointer, srv(INSTANCE)])
  zone.set('two', [pointer])
  expect(zone.delete('one')).toEqual([pointer, srv(INSTANCE)])
  expect(zone.records(TYPE)).toEqual([pointer])
  expect(zone.find(srv(INSTANCE))).toBeUndefined()
  zone.delete('two')
  expect(zone.records(TYPE)).toEqual([])
  expect(zone.delete('two')).toEqual([])
})

test('R39 case: names and records are found in any letter case, and returned as they were given', () => {
  const zone = new Zone(new Matters(), new Matters())
  zone.set('one', [srv(INSTANCE)])
  const shouted = nameFromText('TEST SVC._HTTP._TCP.LOCAL')
  expect(zone.records(shouted)).toEqual([srv(INSTANCE)])
  expect(zone.find(srv(shouted, { target: nameFromText('DUT-HOST.local'), ttl: 7 }))).toEqual(srv(INSTANCE))
  expect(zone.find(srv(shouted, { port: 1 }))).toBeUndefined()
})

test('a second set replaces the first, and says what was in it', () => {
  const zone = new Zone(new Matters(), new Matters())
  zone.set('one', [text(INSTANCE, 'a=1'), a(HOST, '198.18.0.1')])
  expect(zone.set('one', [text(INSTANCE, 'a=2')])).toEqual([text(INSTANCE, 'a=1'), a(HOST, '198.18.0.1')])
  expect(zone.records(INSTANCE)).toEqual([text(INSTANCE, 'a=2')])
  expect(zone.records(HOST)).toEqual([])
})

test('another TTL for a record that stays is the one that is answered with', () => {
  const zone = new Zone(new Matters(), new Matters())
  zone.set('one', [text(INSTANCE, 'a=1', 4_500)])
  zone.set('one', [text(INSTANCE, 'a=1', 60)])
  expect(zone.records(INSTANCE)).toEqual([text(INSTANCE, 'a=1', 60)])
})
