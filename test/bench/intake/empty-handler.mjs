// The least that a program on port 5353 can do: one socket in the group, whose handler is empty.
import { createSocket } from 'node:dgram'
import { obey } from '../../peers/orders.mjs'

const [address] = process.argv.slice(2)
const socket = createSocket({ type: 'udp4', reuseAddr: true })
await new Promise((resolve) => socket.bind(5353, resolve))
socket.addMembership('224.0.0.251', address)
socket.on('message', () => {})

obey({ browse() {}, stop: () => socket.close() })
