import { describe, expect, test } from 'vitest'
import { CLASS_IN } from '../../src/wire/types.ts'
import { Rig } from '../conformance/rig.ts'
import { instance, srv } from './records.ts'

const SECOND = 1000
/** Seconds: too short for the silence that meets the questions of others to take the record away. */
const LIFE = 20
const PERCENT = (LIFE * SECOND) / 100
const WEB = instance('web')
const QUESTION = { questions: [{ name: WEB, type: 'SRV', class: CLASS_IN, unicast: false }] } as const

describe('R92 dupq: a question of another host about a record that is soon asked for', () => {
  /** When it is asked for, in percent of its life, if another host asks at these times. */
  function refreshes(...others: readonly number[]): readonly number[] {
    const rig = new Rig()
    rig.ask(WEB, 'SRV')
    rig.run(500)
    rig.respond(srv(WEB, { ttl: LIFE }))
    const start = rig.now
    for (const at of others) {
      rig.runTo(start + at * PERCENT)
      rig.say(QUESTION)
    }
    rig.runTo(start + 99 * PERCENT)
    const asked = rig.askedAt(WEB, 'SRV').filter((at) => at > start)
    return asked.map((at) => Math.floor((at - start) / (5 * PERCENT)) * 5)
  }

  test('stands in for ours, if ours is due within its random delay', () => {
    expect(refreshes()).toEqual([80, 85, 90, 95])
    expect(refreshes(79.9)).toEqual([85, 90, 95])
    expect(refreshes(79.9, 84.9, 89.9, 94.9)).toEqual([])
  })

  test('R94 dupqlim: does not if ours is far, however often it is asked', () => {
    expect(refreshes(10, 50, 77)).toEqual([80, 85, 90, 95])
    expect(refreshes(79.7, 79.8, 79.9, 80.1)).toEqual([85, 90, 95])
  })
})

test('R92 dupq: of many hosts that miss the same record one asks for all, in each of the quick rounds', () => {
  const rig = new Rig()
  const others = Array.from({ length: 8 }, () => rig.world.host())
  for (const host of [rig.host, ...others]) host.ask(WEB, 'SRV', () => {})
  rig.run(3_500)
  const at = rig.world.transcript.map((sent) => Math.floor(sent.at / SECOND))
  expect(at).toEqual([0, 1, 3])
  rig.run(6_000)
  expect(rig.world.transcript.length).toBeGreaterThan(8)
})
