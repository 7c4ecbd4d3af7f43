// Registers a node, and on SIGUSR2 registers it again with other metadata; until SIGTERM.
import { createRegistry } from 'mdns-registry'

const registry = createRegistry()
const alive = setInterval(() => {}, 60_000)
process.once('SIGTERM', () => registry.close().then(() => clearInterval(alive)))
process.once('SIGUSR2', () => register('after'))

function register(state) {
  const node = { id: 'greeter-1', address: ':8080', metadata: { state } }
  return registry.register({ name: 'greeter', version: '1.0.0', nodes: [node] })
}

await register('before')
