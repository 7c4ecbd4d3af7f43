// A plain socket without any of our code: `node witness.mjs <own address>` says what comes to the group.
//
//   {"order":"ask","hex":…} sends a datagram to the group       {"event":"heard","hex":…}
import { createSocket } from 'node:dgram'
import { obey, say } from './orders.mjs'

const PORT = 5353
const GROUP = '224.0.0.251'
const RECEIVE_BUFFER = 4 * 1024 * 1024

const [own] = process.argv.slice(2)
const socket = createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (bytes, { address: from }) => {
  if (from !== own) say('heard', { hex: bytes.toString('hex') })
})
await new Promise((resolve) => socket.bind(PORT, resolve))
socket.setRecvBufferSize(RECEIVE_BUFFER)
socket.addMembership(GROUP, own)
socket.setMulticastInterface(own)
socket.setMulticastTTL(255)

obey({
  ask: ({ hex }) => socket.send(Buffer.from(hex, 'hex'), PORT, GROUP),
  stop: () => new Promise((resolve) => socket.close(resolve)),
})
