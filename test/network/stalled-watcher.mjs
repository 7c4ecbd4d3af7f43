// Browses until so many instances are up, is stuck for so many milliseconds, lives for as many, and tells what it saw.

import { Dnssd, defaultHost } from '../../dist/internals.js'

const [count, stall] = process.argv.slice(2).map(Number)
const host = defaultHost({ families: [4] })
const browser = new Dnssd(host).browse('stall')
let downs = 0
browser.on('down', () => {
  downs += 1
})
while (browser.services.length < count) await passed(50)
const { received } = host.stats
tell('watching', { receiveBuffer: host.stats.links[0].receiveBuffer })
await passed(1000)

const end = performance.now() + stall
while (performance.now() < end);
await passed(stall)
tell('over', { up: browser.services.length, downs, stalled: host.stats.stalled, read: host.stats.received - received })
process.exit()

function tell(event, more) {
  console.log(JSON.stringify({ event, ...more }))
}

function passed(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
