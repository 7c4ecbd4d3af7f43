// A service and its client in one process: register a web server, find it by name, call it.
// Run: node examples/quickstart.mjs
import { createServer } from 'node:http'
import { createRegistry } from 'mdns-registry'

const server = createServer((_request, response) => response.end('Hello!\n'))
await new Promise((listening) => server.listen(0, listening))
const { port } = server.address()

const registry = createRegistry()
await registry.register({
  name: 'greeter',
  version: '1.0.0',
  metadata: { team: 'a' },
  endpoints: [{ name: 'Greeter.Hello' }],
  nodes: [{ address: `:${port}`, metadata: { protocol: 'http' } }],
})
console.log(`registered greeter on port ${port}`)

// Usually in another program, on another machine of the link.
const services = await registry.getService('greeter')
const node = services.flatMap(({ nodes }) => nodes).find(({ address }) => address.endsWith(`:${port}`))
console.log(`found ${node.id} at ${node.address}`)
const response = await fetch(`http://${node.address}/`)
console.log(`it says: ${await response.text()}`)

await registry.close()
server.close()
