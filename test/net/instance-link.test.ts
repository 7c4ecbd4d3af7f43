import { expect, test } from 'vitest'
import { type InstancePlace, instanceLink } from '../../src/net/instance-link.ts'
import { listed } from './fake-dgram.ts'

const LO = [
  { ...listed('127.0.0.1/8'), internal: true },
  { ...listed('::1/128'), internal: true },
]
const LAN = [listed('198.18.0.1/24'), listed('fe80::1/64')]
const MACHINE = { lo: LO, v6only: [listed('fe80::9/64')], lan0: LAN, lan1: [listed('198.18.1.1/24')] }

function on(place: Partial<InstancePlace>, machine: Parameters<typeof instanceLink>[0] = MACHINE): string | undefined {
  return instanceLink(machine, { family: 4, interface: undefined, heardFrom: undefined, ...place })?.link.id
}

test.each<[string, Partial<InstancePlace>, string | undefined]>([
  ['its address', { interface: '198.18.1.1' }, 'lan1/4'],
  ['loopback, if that is what it was given', { interface: '127.0.0.1' }, 'lo/4'],
  ['a scope, for IPv6', { interface: '::%lan0', family: 6 }, 'lan0/6'],
  ['a link-local address with its scope', { interface: 'fe80::1%lan0', family: 6 }, 'lan0/6'],
  ['the first that is not loopback, if it was given none', {}, 'lan0/4'],
  ['where its own datagrams came from, if it was given none', { heardFrom: '198.18.1.1' }, 'lan1/4'],
  [
    'its address whatever was heard, if it was given one',
    { interface: '198.18.0.1', heardFrom: '198.18.1.1' },
    'lan0/4',
  ],
  ['an address that nobody has', { interface: '198.18.7.7' }, undefined],
  ['a scope that is not there', { interface: '::%lan7', family: 6 }, undefined],
  ['an interface without an address of the family', { interface: '::%lan1', family: 6 }, undefined],
])('the link is told by %s', (_what, place, link) => {
  expect(on(place)).toBe(link)
})

test('without any other interface it is loopback, and without that, none', () => {
  expect(on({}, { lo: LO })).toBe('lo/4')
  expect(on({}, {})).toBeUndefined()
})

test('the link has all addresses of its interface, and is never sure of unicast', () => {
  expect(instanceLink(MACHINE, { family: 4, interface: '198.18.0.1', heardFrom: undefined })).toMatchObject({
    link: {
      id: 'lan0/4',
      interface: 'lan0',
      family: 4,
      addresses: [
        { address: '198.18.0.1', family: 4, prefixLength: 24 },
        { address: 'fe80::1', family: 6, prefixLength: 64 },
      ],
      unicast: false,
    },
    candidate: { family: 4, interface: { zone: 'lan0' } },
  })
})
