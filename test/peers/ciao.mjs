// @homebridge/ciao, under the orders of a test. It has no browser.
import ciao from '@homebridge/ciao'
import { labelsOf, obey, say, sayError, valuesOf } from './orders.mjs'

const responder = ciao.getResponder()
const services = new Map()

obey({
  publish({ name, type, port, txt, host, subtypes }) {
    const details = { txt: valuesOf(txt), hostname: host, subtypes: labelsOf(subtypes) }
    const service = responder.createService({ name, type, port, ...details })
    services.set(name, service)
    let current = name
    service.on('name-change', (to) => {
      current = to
      say('renamed', { to })
    })
    service.on('hostname-change', (to) => say('renamed', { to }))
    service.advertise().then(() => say('published', { name: current, ordered: name }), sayError)
  },

  update: ({ name, txt }) => services.get(name).updateTxt(valuesOf(txt)),

  unpublish: ({ name }) => services.get(name).end(),

  stop: () => responder.shutdown(),
})
