// bonjour-service and this package in one program, on one socket: each finds what both of them publish, until Ctrl-C.
// Run: npm install bonjour-service && node examples/bonjour-service.mjs
// An address after it chooses the interface; 127.0.0.1 keeps everything on this machine.
import { createSocket } from 'node:dgram'
import { Bonjour } from 'bonjour-service'
import { createDnssd } from 'mdns-registry/dnssd'
import { multicastDns } from 'mdns-registry/multicast-dns'

const [address] = process.argv.slice(2)
const socket = createSocket({ type: 'udp4', reuseAddr: true })
// A socket has to be bound to any address to hear what is sent to a group, whichever interface it is for.
const options = address ? { socket, interface: address, bind: '0.0.0.0' } : { socket }
const bonjour = new Bonjour(options)
const dnssd = createDnssd({ transport: multicastDns(bonjour.server.mdns, options) })

bonjour.publish({ name: 'Their page', type: 'http', port: 8081 })
bonjour.find({ type: 'http' }, ({ name }) => console.log(`bonjour-service finds ${name}`))

dnssd.advertise({ name: 'Our page', type: '_http._tcp', port: 8080 })
const browser = dnssd.browse('_http._tcp')
process.once('SIGINT', () => browser.stop())
process.once('SIGTERM', () => browser.stop())
for await (const { event, service } of browser) console.log(`mdns-registry ${event} ${service.name}`)

await dnssd.close()
bonjour.unpublishAll(() => bonjour.destroy())
