// Sends one datagram: family, source address, interface, destination, text.
import { createSocket } from 'node:dgram'

const [family, source, multicastInterface, destination, text] = process.argv.slice(2)
const socket = createSocket(family === '6' ? 'udp6' : 'udp4')
socket.bind({ address: source, port: 0 }, () => {
  socket.setMulticastInterface(multicastInterface)
  socket.setMulticastTTL(255)
  socket.send(text, 5353, destination, () => socket.close())
})
