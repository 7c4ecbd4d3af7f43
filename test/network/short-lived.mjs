// Advertises as many instances as it is told to, with a life of so many seconds each, and browses them itself.
import { createDnssd } from 'mdns-registry/dnssd'

const [count, ttl] = process.argv.slice(2).map(Number)
const dnssd = createDnssd()
const numbers = Array.from({ length: count }, (_, index) => index)
await Promise.all(
  numbers.map((number) => dnssd.advertise({ name: `instance ${number}`, type: 'stall', port: 1 + number, ttl }).ready),
)
console.log(JSON.stringify({ event: 'advertised' }))
for await (const _ of dnssd.browse('stall'));
