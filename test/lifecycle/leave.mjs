// Registers a service on the loopback interface, and leaves in the way that it is told to: <how> <service>.
import { createRegistry, handleSignals } from 'mdns-registry'
import { createDnssd } from 'mdns-registry/dnssd'

const [how, name] = process.argv.slice(2)
const registry = createRegistry({ interfaces: 'loopback' })

const WAYS = {
  'await close()': async () => {
    const start = performance.now()
    await registry.close()
    tell({ event: 'closed', after: performance.now() - start, left: process.getActiveResourcesInfo() })
  },
  'close(), then process.exit()': () => {
    registry.close()
    process.exit(3)
  },
  'process.exit()': () => process.exit(3),
  'process.exit() in a listener': () => inListener(() => process.exit(3)),
  'close(), then process.exit() in a listener': () =>
    inListener((dnssd) => {
      dnssd.close()
      process.exit(3)
    }),
  'an uncaught error': () => {
    setImmediate(() => {
      throw new Error('uncaught')
    })
  },
  'an unhandled rejection': () => void Promise.reject(new Error('unhandled')),
  'a signal': () => handleSignals(registry),
  'a signal that the program listens for': () => {
    process.once('SIGTERM', () => setTimeout(() => process.exit(7), 50))
    handleSignals(registry)
  },
}

await registry.register({ name, nodes: [{ id: `${name}-1`, address: ':8080' }] })
await WAYS[how]()
tell({ event: 'here' })

/** Runs `end` inside of a step of the host that has something to say goodbye for. */
function inListener(end) {
  const dnssd = createDnssd({ interfaces: 'loopback' })
  dnssd.browse('leave').on('up', (service) => service.name === `${name}-2` && end(dnssd))
  dnssd.advertise({ name: `${name}-2`, type: 'leave', port: 1 })
}

function tell(line) {
  console.log(JSON.stringify(line))
}
