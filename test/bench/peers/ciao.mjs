// @homebridge/ciao, under the orders of the bench. It has no browser.
import ciao from '@homebridge/ciao'
import { obey, say, sayError } from '../../peers/orders.mjs'

const responder = ciao.getResponder()
const services = new Map()

obey({
  publish({ name, type, port }) {
    const service = responder.createService({ name, type, port })
    services.set(name, service)
    service.advertise().then(() => say('published', { name }), sayError)
  },

  unpublish: ({ name }) => services.get(name).end(),

  stop: () => responder.shutdown(),
})
