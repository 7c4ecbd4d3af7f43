// Listens to both multicast groups without any of our code; on SIGTERM says how many datagrams came and how large.
import { createSocket } from 'node:dgram'

const PORT = 5353
let datagrams = 0
let largest = 0

const sockets = [
  await joined('udp4', '0.0.0.0', '224.0.0.251', '198.18.0.2'),
  await joined('udp6', '::', 'ff02::fb', '::%wire'),
]
process.once('SIGTERM', () => {
  console.log(JSON.stringify({ datagrams, largest }))
  for (const socket of sockets) socket.close()
})
console.log('listening')

function joined(type, any, group, link) {
  const socket = createSocket({ type, reuseAddr: true, ipv6Only: type === 'udp6' })
  socket.on('message', ({ length }) => {
    datagrams += 1
    largest = Math.max(largest, length)
  })
  return new Promise((resolve) => {
    socket.bind(PORT, any, () => {
      socket.addMembership(group, link)
      resolve(socket)
    })
  })
}
