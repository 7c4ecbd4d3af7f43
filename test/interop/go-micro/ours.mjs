// Does with the package what it is told: the orders and answers are those of peer/main.go. Its one argument, JSON, has
// the options of the registry.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { advertise, createRegistry } from 'mdns-registry'

const registry = createRegistry({ timeout: 1_000, ...JSON.parse(process.argv[2] ?? '{}') })
const servers = []

registry.on('warning', ({ code, message }) => tell({ warning: code, message }))
async function obey({ id, ...order }) {
  const since = performance.now()
  try {
    const told = await ORDERS[order.do](order)
    tell({ id, took: performance.now() - since, ...told })
  } catch (error) {
    tell({ id, took: performance.now() - since, error: `${error.code}: ${error.message}` })
  }
}

const ORDERS = {
  async register({ service }) {
    await registry.register(service)
  },

  async deregister({ service }) {
    await registry.deregister(service)
  },

  async get({ name }) {
    return { services: await registry.getService(name) }
  },

  async list() {
    return { services: await registry.listServices() }
  },

  async watch({ name }) {
    void watch(name)
  },

  async verify({ name }) {
    registry.verify({ id: name, address: '', metadata: {} })
  },

  /** A server of Node.js that speaks with go-micro's clients: one endpoint per path or header, JSON both ways. */
  async serve({ service: { nodes, ...service } }) {
    const [{ address, ...node }] = nodes
    const [host, port] = address.split(':')
    const server = createServer(answer).listen(Number(port), host)
    servers.push(server)
    await advertise(server, { ...service, node }, { registry }).ready
  },

  /** go-micro's server takes a POST whose headers say which endpoint is meant. */
  async call({ name, endpoint, body }) {
    const [service] = await registry.getService(name)
    const headers = { 'Content-Type': 'application/json', 'Micro-Service': name, 'Micro-Endpoint': endpoint }
    const url = `http://${service.nodes[0].address}/`
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${text}`)
    return { body: JSON.parse(text) }
  },

  async quit() {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    await registry.close()
    process.stdin.destroy()
  },
}

async function watch(name) {
  const watcher = registry.watch(name === '' ? {} : { service: name })
  for await (const result of watcher) tell({ watch: name, at: Date.now(), ...result })
}

/** Whatever a client of go-micro needs to be told is in the headers. */
async function answer(request, response) {
  let text = ''
  for await (const chunk of request) text += chunk
  const { name } = JSON.parse(text)
  const { 'micro-id': id = '', 'micro-endpoint': endpoint = '' } = request.headers
  const headers = { 'Content-Type': 'application/json', 'Micro-Id': id, 'Micro-Endpoint': endpoint }
  response.writeHead(endpoint === 'Greeter.Hello' ? 200 : 404, headers)
  response.end(JSON.stringify({ name, text: `Hello ${name}` }))
}

function tell(line) {
  console.log(JSON.stringify(line))
}

tell({ ready: registry.toString() })
for await (const line of createInterface({ input: process.stdin })) void obey(JSON.parse(line))
