// @homebridge/ciao, under the orders of a test. It has no browser.
import ciao from '@homebridge/ciao'
import { obey, say, sayError } from './orders.mjs'

const responder = ciao.getResponder()

obey({
  publish({ name, type, port, txt, host }) {
    const service = responder.createService({ name, type, port, txt, hostname: host })
    let current = name
    service.on('name-change', (to) => {
      current = to
      say('renamed', { to })
    })
    service.on('hostname-change', (to) => say('renamed', { to }))
    service.advertise().then(() => say('published', { name: current }), sayError)
  },

  stop: () => responder.shutdown(),
})
