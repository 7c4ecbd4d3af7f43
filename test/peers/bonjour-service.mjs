// bonjour-service, under the orders of a test.
import { hostname } from 'node:os'
import { Bonjour } from 'bonjour-service'
import { obey, say, sayError } from './orders.mjs'

const bonjour = new Bonjour()

obey({
  publish({ name, type, port, txt, host }) {
    // Its own default has no `.local`, and no address could be found by it.
    const service = bonjour.publish({ name, type, port, txt, host: `${host ?? hostname()}.local` })
    service.on('up', () => say('published', { name: service.name }))
    service.on('error', sayError)
  },

  browse({ type }) {
    const browser = bonjour.find({ type })
    const tell = (event) => (service) => say(event, fields(service))
    for (const event of ['up', 'down']) browser.on(event, tell(event))
    for (const event of ['srv-update', 'txt-update']) browser.on(event, tell('update'))
  },

  stop: () => new Promise((resolve) => bonjour.unpublishAll(() => bonjour.destroy(resolve))),
})

function fields({ name, type, addresses }) {
  return { name, type, addresses }
}
