// Registers as many services as it is told to, in one process, until SIGTERM.
import { createRegistry } from 'mdns-registry'

const [count = '1'] = process.argv.slice(2)
const registry = createRegistry()
process.once('SIGTERM', () => registry.close().then(() => clearInterval(alive)))
const alive = setInterval(() => {}, 60_000)

const numbers = Array.from({ length: Number(count) }, (_, index) => index + 1)
await Promise.all(
  numbers.map((number) =>
    registry.register({
      name: `service-${number}`,
      version: '1.0.0',
      nodes: [{ id: `service-${number}-a`, address: `:${8000 + number}`, metadata: { number: String(number) } }],
    }),
  ),
)
console.log('registered')
