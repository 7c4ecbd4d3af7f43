// Shares UDP port 5353 as another mDNS program does; says `holds`, then the octets of what comes to the group.
import { createSocket } from 'node:dgram'

const socket = createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (bytes) => console.log(bytes.length))
socket.bind(5353, () => {
  socket.addMembership('224.0.0.251', '198.18.0.2')
  console.log('holds')
})
process.once('SIGTERM', () => socket.close())
