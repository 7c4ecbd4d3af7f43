// This project as it was built, under the orders of a test.
import { createDnssd } from '../../dist/dnssd.js'
import { obey, say, sayError, toldOf, valuesOf } from './orders.mjs'

const dnssd = createDnssd()
const advertisements = new Map()

obey({
  publish({ type, host, txt, ...details }) {
    const target = host === undefined ? {} : { host: `${host}.local` }
    const advertisement = dnssd.advertise({ type: `_${type}._tcp`, txt: valuesOf(txt), ...details, ...target })
    advertisements.set(details.name, advertisement)
    advertisement.on('renamed', ({ to }) => say('renamed', { to }))
    advertisement.ready.then(() => say('published', { name: advertisement.name, ordered: details.name }), sayError)
  },

  update: ({ name, txt }) => advertisements.get(name).update({ txt: valuesOf(txt) }),

  unpublish: ({ name }) => advertisements.get(name).withdraw(),

  async browse({ type, subtype }) {
    for await (const { event, service, reason } of dnssd.browse(`_${type}._tcp`, { subtype })) {
      say(event, { ...fields(service), reason })
    }
  },

  stop: () => dnssd.close(),
})

function fields({ name, type, host, port, txt, addresses }) {
  const bytes = [...txt].map(([key, value]) => [key, value === true || Buffer.from(value)])
  return {
    name,
    type: type.slice(1, -'._tcp'.length),
    host,
    port,
    txt: toldOf(bytes),
    addresses: addresses.map(({ address }) => address),
  }
}
