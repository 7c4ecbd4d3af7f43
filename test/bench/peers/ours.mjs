// This project, as programs use it, under the orders of the bench. Beside the orders of every peer it takes those of a
// registry, and `chance`, which fixes all that is drawn from then on: what waits the RFCs impose is known then.
import { createDnssd } from '../../../dist/dnssd.js'
import { createRegistry } from '../../../dist/index.js'
import { monotonic, obey, say, sayError } from '../../peers/orders.mjs'

const drawn = Math.random
let fixed
// Before a host is made: it keeps the function that there is then.
Math.random = () => fixed ?? drawn()

// As with every peer, sockets are open before there are orders; a registry opens its own with its first verb.
const dnssd = process.argv[2] === 'registry' ? undefined : createDnssd()
const registry = createRegistry()
if (dnssd === undefined) await registry.deregister({ name: 'nobody', nodes: [] })
const advertisements = new Map()
const nodes = new Map()

obey({
  chance({ value }) {
    fixed = value
    say('fixed')
  },

  publish({ name, type, port }) {
    const advertisement = dnssd.advertise({ name, type: `_${type}._tcp`, port })
    advertisements.set(name, advertisement)
    advertisement.ready.then(() => say('published', { name }), sayError)
  },

  unpublish: ({ name }) => advertisements.get(name).withdraw(),

  async browse({ type }) {
    for await (const { event, service } of dnssd.browse(`_${type}._tcp`)) {
      const { name, host, port, addresses } = service
      say(event, { name, host, port, addresses: addresses.map(({ address }) => address) })
    }
  },

  /** `probe: false` may be refused, with an error. */
  register({ name, id = name, port, options }) {
    registry
      .register({ name, nodes: [{ id, address: `:${port}` }] }, options)
      .then(() => say('published', { name }), sayError)
  },

  deregister: ({ name }) => registry.deregister({ name, nodes: [] }),

  watch() {
    registry.watch().on('result', ({ action, service, reason }) => {
      const [node] = service.nodes
      if (action === 'delete') nodes.delete(service.name)
      else nodes.set(service.name, node)
      const event = { create: 'up', update: 'update', delete: 'down' }[action]
      say(event, { name: service.name, address: node.address, reason })
    })
  },

  async get({ name }) {
    const began = monotonic()
    await registry.getService(name).then(() => say('got', { name, took: monotonic() - began }), sayError)
  },

  /** The median of so many calls that find the service in the cache, in milliseconds. */
  async warm({ name, calls }) {
    for (let call = 0; call < calls; call++) await registry.getService(name)
    const times = []
    for (let call = 0; call < calls; call++) {
      const began = process.hrtime.bigint()
      await registry.getService(name)
      times.push(Number(process.hrtime.bigint() - began))
    }
    say('warm', { name, took: times.sort((a, b) => a - b)[calls >> 1] / 1e6 })
  },

  verify: ({ name }) => registry.verify(nodes.get(name)),

  stop: () => Promise.all([dnssd?.close(), registry.close()]),
})
