// Owns registries on real sockets of the loopback interface, in real time.
// Does not own any expectation.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type ContractLink, realTime } from '../../src/contract.ts'
import { createRegistry } from '../../src/create-registry.ts'
import { loopbackOn } from './port-transport.ts'

/** A machine that runs other tests beside these, all of them at the same time. */
const SLACK = 2_000

/** On a UDP port of its own, so that links do not hear each other. */
export async function loopbackLink(): Promise<ContractLink> {
  const port = await freePort()
  return realTime({
    slack: SLACK,
    registry: (options) => createRegistry({ ...options, backend: 'mdns', transport: loopbackOn(port) }),
  })
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
