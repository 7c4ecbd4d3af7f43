// Which link a multicast datagram came in on, on a machine with two of them.
import type { Socket } from 'node:dgram'
import { describe, expect, test } from 'vitest'
import { interfacesOf, linksOf } from '../../src/net/links.ts'
import { SourceFilter } from '../../src/net/source-filter.ts'
import { listed } from './fake-dgram.ts'

const LISTING = { lan0: [listed('198.18.0.1/24')], lan1: [listed('198.18.1.1/24')] }
const [LAN0] = linksOf(LISTING)
const NEAR = '198.18.0.2'
const ON_THE_OTHER_LINK = '198.18.1.2'
const OF_NO_SUBNET = '203.0.113.7'

/** Takes a look at the interfaces; `shut` is told of each link that is shut out by it. */
function look(filter: SourceFilter, shut: (address: string | undefined) => void = () => {}): void {
  const join = (_source: string, _group: string, address?: string) => shut(address)
  const socket = { addSourceSpecificMembership: join } as unknown as Socket
  if (LAN0) filter.update(socket, LAN0, interfacesOf(LISTING), new Set(['lan0', 'lan1']))
}

/** Which of the three are admitted. */
function admitted(filter: SourceFilter): readonly boolean[] {
  return [NEAR, ON_THE_OTHER_LINK, OF_NO_SUBNET].map((source) => filter.admits(source))
}

const turnsOfTheLoop = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((done) => setImmediate(done))
}

describe.runIf(process.platform === 'linux')('what was queued before the other link was shut out', () => {
  const filter = new SourceFilter('224.0.0.251')

  test('is not taken for something of this one, nor is anything before the first look', () => {
    expect(admitted(filter)).toEqual([false, false, false])
    look(filter)
    expect(admitted(filter)).toEqual([true, false, true])
  })

  test('is still there when a process that was stuck looks again before it has read', async () => {
    look(filter)
    expect(admitted(filter)).toEqual([true, false, true])
    for (let turn = 0; turn < 5; turn++) {
      await turnsOfTheLoop(1)
      expect(admitted(filter)).toEqual([true, false, true])
    }
    look(filter)
    expect(admitted(filter)).toEqual([true, false, true])
  })

  test('is still there when the turn of the loop in which the other link was shut out has ended', async () => {
    await turnsOfTheLoop(1)
    look(filter)
    expect(filter.admits(ON_THE_OTHER_LINK)).toBe(false)
  })

  test('has been read by the look after a turn of the loop that read nothing', async () => {
    await turnsOfTheLoop(3)
    expect(admitted(filter)).toEqual([true, false, true])
    look(filter)
    expect(admitted(filter)).toEqual([true, true, true])
  })

  test('is shut out with the first look, and once in ten of them again', () => {
    const shut: number[] = []
    const fresh = new SourceFilter('224.0.0.251')
    look(filter, () => shut.push(0))
    for (let n = 0; n < 20; n++) look(filter, () => shut.push(n))
    expect(shut.length).toBe(2)
    look(fresh, () => shut.push(-1))
    expect(shut.at(-1)).toBe(-1)
  })
})
