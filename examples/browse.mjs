// Advertises a plain DNS-SD service, and prints all instances of its type as they come and go, until Ctrl-C.
// Run: node examples/browse.mjs
import { createDnssd } from 'mdns-registry/dnssd'

const dnssd = createDnssd()
const advertisement = dnssd.advertise({
  name: 'Example page',
  type: '_http._tcp',
  port: 8080,
  txt: { path: '/index.html' },
})
await advertisement.ready
console.log(`advertised as ${advertisement.name}`)

const browser = dnssd.browse('_http._tcp')
process.once('SIGINT', () => browser.stop())
process.once('SIGTERM', () => browser.stop())
for await (const { event, service } of browser) {
  console.log(
    event,
    service.name,
    service.host,
    service.port,
    service.addresses.map(({ address }) => address).join(' '),
  )
}
await dnssd.close()
