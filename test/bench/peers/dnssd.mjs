// dnssd, under the orders of the bench.
import dnssd from 'dnssd'
import { obey, say, sayError } from '../../peers/orders.mjs'

const advertisements = new Map()

obey({
  publish({ name, type, port }) {
    const advertisement = new dnssd.Advertisement(dnssd.tcp(type), port, { name })
    advertisements.set(name, advertisement)
    advertisement.on('active', () => say('published', { name }))
    advertisement.on('error', sayError)
    advertisement.start()
  },

  unpublish: ({ name }) => advertisements.get(name).stop(),

  browse({ type }) {
    const browser = new dnssd.Browser(dnssd.tcp(type))
    const tell = (event) => (service) => say(event, fields(service))
    browser.on('serviceUp', tell('up'))
    browser.on('serviceDown', tell('down'))
    browser.on('error', sayError)
    browser.start()
  },

  stop: () =>
    Promise.all([...advertisements.values()].map((each) => new Promise((resolve) => each.stop(false, resolve)))),
})

function fields({ name, host, port, addresses }) {
  return { name, host, port, addresses }
}
