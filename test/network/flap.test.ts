// A wire that is cut and mended again and again: nobody dies, and what is up all the time is not said to be down.
import { afterAll, expect, test } from 'vitest'
import { groupBy } from '../../src/mdns/group-by.ts'
import { passed } from './observer.ts'
import { Site } from './site.ts'

const FLAPS = 20
const DOWN = 1_000
const UP = 500
const PATIENCE = 10_000
/** Goal 48: after the last flap all is up within this, and of each service a watcher was told so many things in all. */
const UP_WITHIN = 5_000
const EVENTS = 2
const SERVICES = ['one', 'two', 'three', 'four', 'five']

const site = new Site()
afterAll(() => site.close())

test('goal 48: after twenty cuts all services are up in 5 s, and each took two events at most', async () => {
  const wire = site.segment()
  const hosts = [site.host('left'), site.host('right')] as const
  const ports = hosts.map((host, index) => host.plug(wire, { addresses: [`198.18.0.${index + 1}/24`] }))
  const members = hosts.map((host) => {
    const register = SERVICES.map((name) => ({ name, nodes: [{ id: `${name}-${host.role}`, address: ':8080' }] }))
    return host.member({ register, watch: true })
  })
  const all = 2 * SERVICES.length
  for (const member of members) await member.until(({ nodes }) => nodes.size === all, PATIENCE)

  for (let flap = 0; flap < FLAPS; flap++) {
    // By turns the interface of the left host and of the right one, then their plugs at the far end. Neither is without
    // its wire for so long that loopback would take over, even when the machine is busy.
    const index = flap % 2 === 0 ? 0 : 1
    const set = (state: 'up' | 'down') =>
      flap % 4 < 2 ? hosts[index].ip(`link set lan0 ${state}`) : wire.set(ports[index] ?? '', state)
    set('down')
    await passed(Date.now() + DOWN)
    set('up')
    await passed(Date.now() + UP)
  }
  // What is new shows that each hears the other again; the rest was known all the time.
  for (const host of hosts) host.member({ register: [{ name: 'news', nodes: [{ id: host.role, address: ':1' }] }] })
  await Promise.all(members.map((member) => member.until(({ nodes }) => nodes.size === all + 2, UP_WITHIN)))
  for (const { results } of members) {
    const byNode = groupBy(results, ({ service }) => service.nodes[0]?.id)
    expect([...byNode.values()].filter((told) => told.length > EVENTS)).toEqual([])
  }
  expect(await site.endAll()).toEqual([])
})
