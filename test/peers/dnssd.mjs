// dnssd, under the orders of a test.
import dnssd from 'dnssd'
import { obey, say, sayError } from './orders.mjs'

const advertisements = []

obey({
  publish({ name, type, port, txt, host }) {
    const advertisement = new dnssd.Advertisement(dnssd.tcp(type), port, { name, txt, host })
    advertisements.push(advertisement)
    advertisement.on('active', () => say('published', { name: advertisement.instanceName }))
    advertisement.on('instanceRenamed', (to) => say('renamed', { to }))
    advertisement.on('hostRenamed', (to) => say('renamed', { to }))
    advertisement.on('error', sayError)
    advertisement.start()
  },

  browse({ type }) {
    const browser = new dnssd.Browser(dnssd.tcp(type))
    browser.on('serviceUp', (service) => say('up', fields(service)))
    browser.on('serviceChanged', (service) => say('update', fields(service)))
    browser.on('serviceDown', (service) => say('down', fields(service)))
    browser.on('error', sayError)
    browser.start()
  },

  stop: () => Promise.all(advertisements.map((each) => new Promise((resolve) => each.stop(false, resolve)))),
})

function fields({ name, type, addresses }) {
  return { name, type: type.name, addresses }
}
