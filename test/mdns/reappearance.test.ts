import { describe, expect, test } from 'vitest'
import { Matters } from '../../src/mdns/matters.ts'
import { Reappearance } from '../../src/mdns/reappearance.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { Rig } from '../conformance/rig.ts'
import { HOST, instance, ptr, srv, TYPE } from './records.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const WEB = instance('web')

/** A host that browses, and knows of one instance whose SRV record runs out now, a quarter of an hour later. */
function forsaken(): Rig {
  const rig = new Rig()
  rig.ask(TYPE, 'PTR')
  rig.ask(WEB, 'SRV')
  rig.run(13 * MINUTE)
  rig.respond(ptr(WEB), srv(WEB))
  rig.run(2 * MINUTE)
  expect(rig.news.at(-1)?.what).toBe('- 8080 expired')
  return rig
}

/** When the type is asked for, from now on and for 20 s, in seconds. */
function asked(rig: Rig): readonly number[] {
  const from = rig.now
  rig.run(20 * SECOND)
  return rig
    .askedAt(TYPE, 'PTR')
    .filter((at) => at >= from)
    .map((at) => Math.floor((at - from) / SECOND))
}

describe('a name that was given up and is heard again', () => {
  test('makes every question be asked anew, with a random delay', () => {
    const rig = forsaken()
    rig.run(20 * SECOND)
    rig.respond(srv(WEB))
    const from = rig.now
    expect(asked(rig)).toEqual([0, 1, 3, 7, 15])
    const [first = 0] = rig.askedAt(TYPE, 'PTR').filter((at) => at >= from)
    expect(first - from).toBeGreaterThanOrEqual(20)
    expect(first - from).toBeLessThanOrEqual(120)
  })

  test('is no event if it was away for less than five seconds, nor if it had said goodbye', () => {
    const missed = forsaken()
    missed.run(4 * SECOND)
    missed.respond(srv(WEB))
    expect(asked(missed)).toEqual([])
    const gone = new Rig()
    gone.ask(TYPE, 'PTR')
    gone.ask(WEB, 'SRV')
    gone.run(13 * MINUTE)
    gone.respond(srv(WEB))
    gone.respond(srv(WEB, { ttl: 0 }))
    gone.run(MINUTE)
    gone.respond(srv(WEB))
    expect(asked(gone)).toEqual([])
  })

  test('is no event if nobody wanted it', () => {
    const rig = new Rig()
    rig.ask(TYPE, 'PTR')
    rig.run(13 * MINUTE)
    rig.respond(srv(WEB, { ttl: 10 }))
    rig.run(MINUTE)
    rig.respond(srv(WEB))
    expect(asked(rig)).toEqual([])
  })
})

test('many that come back are one event in half a minute', () => {
  const reappearance = new Reappearance(100, new Matters())
  const names = Array.from({ length: 10 }, (_, i) => instance(`${i}`))
  for (const name of names) reappearance.lost(name, 0)
  expect(
    names.map((name, i) => reappearance.heard(name, MINUTE + i * 4 * SECOND)).flatMap((is, i) => (is ? i : [])),
  ).toEqual([0, 8])
  expect(reappearance.size).toBe(0)
})

test('names are the same in any case of letters; one that was never lost, or is heard twice, is none', () => {
  const reappearance = new Reappearance(100, new Matters())
  reappearance.lost(HOST, 0)
  expect(reappearance.heard(instance('other'), MINUTE)).toBe(false)
  expect(reappearance.heard(nameFromText(HOST.toUpperCase()), MINUTE)).toBe(true)
  expect(reappearance.heard(HOST, 2 * MINUTE)).toBe(false)
})

test('so many names are remembered at most, the latest', () => {
  const reappearance = new Reappearance(256, new Matters())
  for (let i = 0; i < 10_000; i++) reappearance.lost(instance(`${i}`), i)
  expect(reappearance.size).toBe(256)
  expect(reappearance.heard(instance('9743'), MINUTE)).toBe(false)
  expect(reappearance.heard(instance('9744'), MINUTE)).toBe(true)
})
