import { expect, test } from 'vitest'
import { World } from '../../src/sim/world.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { service } from '../scenarios/service.ts'

const HOSTS = 30
const TYPES = Array.from({ length: 20 }, (_, index) => nameFromText(`_type-${index}._tcp.local`))
const HOUR = 3_600_000

test('thirty hosts with twenty services each: after a virtual hour all know all, and none was ever lost', async () => {
  const world = new World({ seed: 30, families: [4] })
  const hosts = Array.from({ length: HOSTS }, () => world.host())
  let removed = 0
  for (const [index, host] of hosts.entries()) {
    for (const type of TYPES) {
      host.ask(type, 'PTR', (changes) => {
        removed += changes.filter(({ action }) => action === 'removed').length
      })
      host.publish(service(`host ${index}`, type))
    }
  }
  const knowsAll = () => hosts.every((host) => TYPES.every((type) => host.lookup(type, 'PTR').length === HOSTS))
  world.run(5000)
  expect(knowsAll()).toBe(true)
  world.run(HOUR - world.now)
  expect(knowsAll()).toBe(true)
  expect(removed).toBe(0)
  // 600 services are claimed, announced and kept with less than one datagram in a second.
  expect(world.transcript.length).toBeLessThan(3600)
  const leaving = hosts.slice(0, HOSTS / 2)
  await world.until(Promise.all(leaving.map((host) => host.close())))
  world.run(2000)
  const staying = hosts.slice(HOSTS / 2)
  expect(staying.every((host) => TYPES.every((type) => host.lookup(type, 'PTR').length === HOSTS / 2))).toBe(true)
}, 180_000)
