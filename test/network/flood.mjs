// Sends so many announcements a second to the group, of names that nobody asks for, for so many seconds at the most.
import { createSocket } from 'node:dgram'
import { encode, nameFromText } from '../../dist/internals.js'

const [address, perSecond, seconds] = process.argv.slice(2)
const socket = createSocket({ type: 'udp4', reuseAddr: true })
await new Promise((resolve) => socket.bind({ address, port: 5353 }, resolve))
socket.setMulticastInterface(address)
socket.setMulticastTTL(255)

const total = Number(perSecond) * Number(seconds)
const start = performance.now()
let sent = 0
process.once('SIGTERM', () => process.exit())
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * Number(perSecond)))
  for (; sent < due; sent += 1) socket.send(announcement(sent % 500), 5353, '224.0.0.251')
  await new Promise((resolve) => setTimeout(resolve, 5))
}
console.log(JSON.stringify({ sent }))
await new Promise((resolve) => setTimeout(resolve, 100))
socket.close()

function announcement(number) {
  const name = nameFromText(`unwanted-${number}.local`)
  const rr = { type: 'TXT', name, class: 1, flush: true, ttl: 120, data: new Uint8Array([96, ...new Uint8Array(96)]) }
  return encode({ response: true, answers: [rr] })
}
