import { expect, test } from 'vitest'
import { JointAnnouncement } from '../../src/registry/joint-announcement.ts'
import type { Announcement } from '../../src/registry/medium.ts'
import type { Wire } from '../../src/registry/wire.ts'

const SERVICE = { name: 'greeter', version: '1', metadata: {}, endpoints: [], nodes: [] }

test('what one wire format refuses is taken back from those that had it already', () => {
  const withdrawn: string[] = []
  const made: Announcement = {
    ready: Promise.resolve(),
    update: () => true,
    withdraw: async () => void withdrawn.push('first'),
  }
  const first = { announce: () => made } as unknown as Wire
  const second = {
    announce: () => {
      throw new Error('too many')
    },
  } as unknown as Wire
  const announce = () =>
    new JointAnnouncement([first, second], SERVICE, { ttl: undefined, probe: true, onLost: () => {} })
  expect(announce).toThrow('too many')
  expect(withdrawn).toEqual(['first'])
})
