import { expect, test } from 'vitest'
import { offerOf } from '../../src/registry/offer.ts'

const service = {
  name: 'greeter',
  version: 'latest',
  metadata: {},
  endpoints: [],
  nodes: [{ id: 'greeter-1', address: ':8080', metadata: {} }],
}

test('the records of a node live as long as its ttl, 120 s without one, but never too short to be renewed', () => {
  expect(offerOf(service, { ttl: 30 }).ttl).toBe(30)
  expect(offerOf(service).ttl).toBe(120)
  expect(offerOf(service, { ttl: 3 }).ttl).toBe(3)
  expect(offerOf(service, { ttl: 1 }).ttl).toBe(3)
})
