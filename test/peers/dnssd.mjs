// dnssd, under the orders of a test.
import dnssd from 'dnssd'
import { obey, say, sayError, toldOf, valuesOf } from './orders.mjs'

const advertisements = new Map()

obey({
  publish({ name, type, port, txt, host, subtypes }) {
    const options = { name, txt: valuesOf(txt), host, subtypes }
    const advertisement = new dnssd.Advertisement(dnssd.tcp(type), port, options)
    advertisements.set(name, advertisement)
    advertisement.on('active', () => say('published', { name: advertisement.instanceName, ordered: name }))
    advertisement.on('instanceRenamed', (to) => say('renamed', { to }))
    advertisement.on('hostRenamed', (to) => say('renamed', { to }))
    advertisement.on('error', sayError)
    advertisement.start()
  },

  update: ({ name, txt }) => advertisements.get(name).updateTXT(valuesOf(txt)),

  unpublish({ name }) {
    advertisements.get(name).stop()
    advertisements.delete(name)
  },

  browse({ type, subtype }) {
    const browser = new dnssd.Browser(subtype === undefined ? dnssd.tcp(type) : dnssd.tcp(type, subtype))
    browser.on('serviceUp', (service) => say('up', fields(service)))
    browser.on('serviceChanged', (service) => say('update', fields(service)))
    browser.on('serviceDown', (service) => say('down', fields(service)))
    browser.on('error', sayError)
    browser.start()
  },

  stop: () =>
    Promise.all([...advertisements.values()].map((each) => new Promise((resolve) => each.stop(false, resolve)))),
})

function fields({ name, type, host, port, txtRaw, addresses }) {
  return {
    name,
    type: type.name,
    host: host?.replace(/\.$/, ''),
    port,
    txt: toldOf(Object.entries(txtRaw ?? {})),
    addresses,
  }
}
