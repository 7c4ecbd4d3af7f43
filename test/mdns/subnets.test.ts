import { expect, test } from 'vitest'
import { Subnets } from '../../src/mdns/subnets.ts'

const own = [
  { address: '198.18.5.130', family: 4, prefixLength: 25 },
  { address: '198.19.0.1', family: 4, prefixLength: 16 },
  { address: '2001:db8:0:40::1', family: 6, prefixLength: 58 },
] as const

test.each([
  ['198.18.5.128', true],
  ['198.18.5.255', true],
  ['198.18.5.127', false],
  ['198.19.255.255', true],
  ['198.20.0.1', false],
  ['203.0.113.1', false],
  ['2001:db8:0:7f::ffff', true],
  ['2001:db8:0:80::1', false],
  ['fe80::1', true],
  ['febf::1', true],
  ['fec0::1', false],
])('R11 uconlink: %s is on the link: %s', (address, expected) => {
  const subnets = new Subnets(own)
  expect(subnets.contains(address)).toBe(expected)
  expect(subnets.contains(address)).toBe(expected)
})

test('answers stay right when more addresses ask than are remembered', () => {
  const subnets = new Subnets(own)
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 1000; n++) {
      const address = `198.18.5.${n % 256}`
      expect(subnets.contains(address), address).toBe(n % 256 >= 128)
      expect(subnets.contains(`203.0.${n >> 8}.${n % 256}`)).toBe(false)
    }
  }
})
