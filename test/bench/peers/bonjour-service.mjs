// bonjour-service, under the orders of the bench.
import { hostname } from 'node:os'
import { Bonjour } from 'bonjour-service'
import { obey, say, sayError } from '../../peers/orders.mjs'

// It tells the console alone that a name is taken.
const { log } = console
console.log = (first, ...rest) => (first instanceof Error ? sayError(first) : log(first, ...rest))

const bonjour = new Bonjour()
const services = new Map()

obey({
  publish({ name, type, port }) {
    // Its own default has no `.local`, and no address could be found by it.
    const service = bonjour.publish({ name, type, port, host: `${hostname()}.local` })
    services.set(name, service)
    service.on('up', () => say('published', { name }))
    service.on('error', sayError)
  },

  unpublish: ({ name }) => services.get(name).stop(),

  browse({ type }) {
    const browser = bonjour.find({ type })
    for (const event of ['up', 'down']) {
      browser.on(event, ({ name, host, port, addresses }) => say(event, { name, host, port, addresses }))
    }
  },

  stop: () => new Promise((resolve) => bonjour.unpublishAll(() => bonjour.destroy(resolve))),
})
