// Which link a multicast datagram came in on, on a machine with two of them.
import type { Socket } from 'node:dgram'
import { expect, test } from 'vitest'
import { interfacesOf, linksOf } from '../../src/net/links.ts'
import { SourceFilter } from '../../src/net/source-filter.ts'
import { listed } from './fake-dgram.ts'

const LISTING = { lan0: [listed('198.18.0.1/24')], lan1: [listed('198.18.1.1/24')] }
const [LAN0] = linksOf(LISTING)
const NEAR = '198.18.0.2'
const ON_THE_OTHER_LINK = '198.18.1.2'
const OF_NO_SUBNET = '203.0.113.7'

function updated(filter: SourceFilter): (source: string) => boolean {
  const socket = { addSourceSpecificMembership: () => {} } as unknown as Socket
  if (LAN0) filter.update(socket, LAN0, interfacesOf(LISTING), new Set(['lan0', 'lan1']))
  return (source) => filter.admits(source)
}

test.runIf(process.platform === 'linux')(
  'what was queued before the other link was shut out is not taken for something of this one',
  () => {
    const filter = new SourceFilter('224.0.0.251')
    expect([NEAR, ON_THE_OTHER_LINK, OF_NO_SUBNET].map((source) => filter.admits(source))).toEqual([
      false,
      false,
      false,
    ])
    expect([NEAR, ON_THE_OTHER_LINK, OF_NO_SUBNET].map(updated(filter))).toEqual([true, false, true])
    // By the next look at the interfaces all that was queued has been read.
    expect([NEAR, ON_THE_OTHER_LINK, OF_NO_SUBNET].map(updated(filter))).toEqual([true, true, true])
  },
)
