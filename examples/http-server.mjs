// A web server that is registered for as long as it listens, and tells how busy it is.
// Run: node examples/http-server.mjs [port]     Ctrl-C closes it. To call it: node examples/client.mjs
import { createServer } from 'node:http'
import { advertise, createRegistry, handleSignals } from 'mdns-registry'

const [port = '0'] = process.argv.slice(2)
let calls = 0
const server = createServer((_request, response) => {
  calls += 1
  response.end(`Hello from ${process.pid}, call ${calls}\n`)
}).listen(Number(port))

const registry = createRegistry()
const greeter = () => ({ name: 'greeter', version: '1.0.0', metadata: { calls: String(calls) } })
const advertised = advertise(server, greeter, { registry, interval: 10_000 })
advertised.on('failed', (error) => console.error('not registered:', error.message))

const [node] = (await advertised.ready).nodes
console.log(`registered ${node.id} at ${node.address} (${node.metadata.protocol})`)
handleSignals(registry)
