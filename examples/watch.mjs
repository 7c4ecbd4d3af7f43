// Prints every change of a service, or of all services, until Ctrl-C.
// Run: node examples/watch.mjs [service]
import { createRegistry } from 'mdns-registry'

const [service] = process.argv.slice(2)
const end = new AbortController()
process.once('SIGINT', () => end.abort())
process.once('SIGTERM', () => end.abort())

const registry = createRegistry()
const watcher = registry.watch(service ? { service } : {})
end.signal.addEventListener('abort', () => watcher.stop())

for await (const { action, service, reason } of watcher) {
  const [node] = service.nodes
  console.log(action, service.name, service.version, node.id, node.address, reason ?? '')
}
await registry.close()
