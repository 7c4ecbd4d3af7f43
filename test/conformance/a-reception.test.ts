import { describe, expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import { question, srv, TYPE } from '../mdns/records.ts'
import { browsing, finds, NEW, WEB } from './finding.ts'
import { Rig } from './rig.ts'

const SECOND = 1000

/** One whose question for unicast answers is so many milliseconds old. */
function askedUnicast(ago: number): Rig {
  const rig = new Rig()
  rig.world.transport(rig.host).disconnect(rig.world.lan)
  rig.ask(TYPE, 'PTR')
  rig.world.transport(rig.host).connect(rig.world.lan, { addresses: rig.world.lan.freshAddresses([4]) })
  rig.world.runUntil(() => rig.asked(TYPE, 'PTR').length > 0)
  expect(rig.asked(TYPE, 'PTR')[0]?.question.unicast).toBe(true)
  rig.run(ago)
  return rig
}

describe('where it comes from', () => {
  test('R9 rsp5353: nothing is found in a response from another port', () => {
    const rig = browsing()
    expect(finds(rig, NEW, { from: { port: 40_000 } })).toBe(false)
    expect(rig.drops).toEqual(['port'])
    expect(finds(rig, NEW)).toBe(true)
  })

  test('R10 mconlink, R8 ttlrx: what comes through the group is found, whoever sends it', () => {
    expect(finds(browsing(), NEW, { from: { address: '203.0.113.9' } })).toBe(true)
  })

  test('R11 uconlink: a unicast answer from elsewhere is not', () => {
    const rig = askedUnicast(100)
    const to = rig.world.endpoint(rig.host)
    expect(finds(rig, NEW, { to, from: { address: '203.0.113.9' } })).toBe(false)
    expect(rig.drops).toEqual(['off-link'])
    expect(finds(rig, NEW, { to })).toBe(true)
  })

  test.each([
    [100, true],
    [2000, true],
    [2001, false],
    [3000, false],
  ])('R12 uc2s: a unicast answer %i ms after the question is found: %s', (ago, expected) => {
    const rig = askedUnicast(ago)
    expect(finds(rig, NEW, { to: rig.world.endpoint(rig.host) })).toBe(expected)
  })

  test('R12 uc2s: nor is one that nobody asked for, nor one after a question for multicast answers', () => {
    const idle = new Rig()
    idle.run(SECOND)
    idle.say(NEW, { to: idle.world.endpoint(idle.host) })
    expect(idle.drops).toEqual(['unsolicited'])
    const rig = browsing()
    rig.runTo((rig.askedAt(TYPE, 'PTR').at(-1) ?? 0) + 10)
    expect(finds(rig, NEW, { to: rig.world.endpoint(rig.host) })).toBe(false)
  })

  test('goal 12, R13 duq: ten thousand queries from elsewhere draw nothing', () => {
    const rig = new Rig()
    rig.host.publish({ id: 'x', needsHost: true, records: ({ host }) => [srv(WEB, { target: host })] })
    rig.run(10 * SECOND)
    const before = rig.sent.length
    const to = rig.world.endpoint(rig.host)
    const bytes = encode({ questions: [question(WEB, 'SRV', true)] })
    for (let n = 0; n < 10_000; n++) {
      rig.peer.send(bytes, { to, from: { address: `203.0.113.${n % 256}`, port: n % 2 === 0 ? 5353 : 1 + n } })
    }
    rig.run(10 * SECOND)
    expect(rig.sent.length).toBe(before)
    expect(rig.drops).toHaveLength(10_000)
  })
})
