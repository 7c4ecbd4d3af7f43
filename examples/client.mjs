// Calls the service greeter five times, wherever it runs, and takes another node when one does not answer.
// Run: node examples/http-server.mjs in one terminal or more, then node examples/client.mjs [service]
import { createRegistry, createSelector } from 'mdns-registry'

const [service = 'greeter'] = process.argv.slice(2)
const registry = createRegistry()
const selector = createSelector(registry, { strategy: 'leastRecentlyFailed' })
const selection = await selector.select(service)

for (let call = 0; call < 5; call += 1) {
  const node = selection.next()
  try {
    const response = await fetch(`http://${node.address}/`, { signal: AbortSignal.timeout(2_000) })
    selection.mark(node)
    console.log(`${node.id} says: ${(await response.text()).trim()}`)
  } catch (error) {
    selection.mark(node, error)
    console.log(`${node.id} does not answer: ${error.message}`)
  }
}
await registry.close()
