// Your own test of your own service, on a LAN in memory: no packet leaves the process, and hours take milliseconds.
// Run: node --test examples/simulated-lan.test.mjs
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRegistry } from 'mdns-registry'
import { World } from 'mdns-registry/sim'

const greeter = { name: 'greeter', version: '1.0.0', nodes: [{ id: 'greeter-1', address: ':8080' }] }

/** The next result, in virtual time. */
const next = (world, watcher, limit) => world.until(watcher.next(), limit)

test('on a link that loses every fifth packet, a client still sees the service come and go', async () => {
  const world = new World({ seed: 7, loss: 0.2 })
  const server = createRegistry({ host: world.host() })
  const client = createRegistry({ host: world.host() })

  const watcher = client.watch({ service: 'greeter' })
  await world.until(server.register(greeter))
  const created = await next(world, watcher)
  assert.equal(created.action, 'create')
  assert.match(created.service.nodes[0].address, /:8080$/)

  await world.until(server.close())
  assert.equal((await next(world, watcher, 150_000)).action, 'delete')
  await world.close()
})

test('a server that is cut off is forgotten after its ttl, and found again when the link heals', async () => {
  const world = new World({ seed: 7 })
  const [left, right] = [world.host(), world.host()]
  const server = createRegistry({ host: left })
  const watcher = createRegistry({ host: right }).watch({ service: 'greeter' })

  await world.until(server.register(greeter))
  assert.equal((await next(world, watcher)).action, 'create')

  world.partition([left], [right])
  const cut = world.now
  const gone = await next(world, watcher, 150_000)
  assert.deepEqual([gone.action, gone.reason], ['delete', 'expired'])
  assert.ok(world.now - cut > 115_000, 'it is believed in for the 120 seconds of its records')

  world.heal()
  assert.equal((await next(world, watcher, 3_600_000)).action, 'create')
  await world.close()
})
