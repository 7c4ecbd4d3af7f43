// This project as it was built, under the orders of a test.
import { createDnssd } from '../../dist/dnssd.js'
import { obey, say, sayError } from './orders.mjs'

const dnssd = createDnssd()

obey({
  publish({ type, host, ...details }) {
    const target = host === undefined ? {} : { host: `${host}.local` }
    const advertisement = dnssd.advertise({ type: `_${type}._tcp`, ...details, ...target })
    advertisement.on('renamed', ({ to }) => say('renamed', { to }))
    advertisement.ready.then(() => say('published', { name: advertisement.name }), sayError)
  },

  async browse({ type }) {
    for await (const { event, service, reason } of dnssd.browse(`_${type}._tcp`)) {
      const addresses = service.addresses.map(({ address }) => address)
      say(event, { name: service.name, type: service.type.slice(1, -'._tcp'.length), addresses, reason })
    }
  },

  stop: () => dnssd.close(),
})
