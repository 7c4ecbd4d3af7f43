// Holds UDP port 5353 for itself, as a program does that thinks it is alone; says `holds`; until SIGTERM.
import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
socket.bind(5353, () => console.log('holds'))
process.once('SIGTERM', () => socket.close())
