// Advertises as many instances as it is told to, then changes one of them every few milliseconds: each change leaves
// as a datagram of its own on every link. Ends well on SIGTERM.
import { createDnssd } from 'mdns-registry/dnssd'

const [count, every] = process.argv.slice(2).map(Number)
const dnssd = createDnssd()
const talkers = Array.from({ length: count }, (_, index) => {
  return dnssd.advertise({ name: `Talker ${index}`, type: '_talk._tcp', port: 1 + index })
})
await Promise.all(talkers.map(({ ready }) => ready))
console.log('{"event":"advertised"}')

let turn = 0
const talking = setInterval(() => {
  turn += 1
  talkers[turn % count].update({ txt: { turn: String(turn) } }).catch(() => {})
}, every)
process.once('SIGTERM', () => {
  clearInterval(talking)
  void dnssd.close()
})
