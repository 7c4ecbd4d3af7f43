// Sends chatter of other hosts to the group from an address: so many datagrams, so many a second.
import { createSocket } from 'node:dgram'
import { chatter } from '../chatter.mjs'

const [address, total, perSecond] = process.argv.slice(2)
const socket = createSocket({ type: 'udp4', reuseAddr: true })
await new Promise((resolve) => socket.bind({ address, port: 5353 }, resolve))
socket.setMulticastInterface(address)
socket.setMulticastTTL(255)
socket.setMulticastLoopback(false)

const start = performance.now()
let sent = 0
let left
while (sent < Number(total)) {
  const due = Math.min(Number(total), Math.floor(((performance.now() - start) / 1000) * Number(perSecond)))
  for (; sent < due; sent += 1) {
    const bytes = chatter[sent % chatter.length]
    left = new Promise((resolve) => socket.send(bytes, 5353, '224.0.0.251', resolve))
  }
  await new Promise((resolve) => setTimeout(resolve, 2))
}
await left
socket.close()
