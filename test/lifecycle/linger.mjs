// Does what it is told to, closes nothing, and says {"event":"here"} when its last line is reached: <what> <name>.
// MDNS_REGISTRY_INTERFACES and MICRO_REGISTRY say where.
import { createServer } from 'node:http'
import { advertise, createRegistry, createSelector, keepRegistered } from 'mdns-registry'
import { createDnssd } from 'mdns-registry/dnssd'

const [what, name] = process.argv.slice(2)
const noLink = { interfaces: () => false }
const greeter = { name, nodes: [{ id: `${name}-1`, address: ':8080' }] }
const quietly = () => {}

const WHATS = {
  'opens and does nothing': () => createDnssd(),
  'waits for a service': async () => {
    const registry = createRegistry()
    await registry.register(greeter)
    const [found] = await registry.getService(name)
    tell({ event: 'found', name: found.name })
    await registry.deregister(greeter)
  },
  'waits in vain': () => createRegistry().getService(name, { timeout: 700 }).catch(quietly),
  'waits in vain without a link': () => createRegistry(noLink).getService(name, { timeout: 700 }).catch(quietly),
  'lists services': () => createRegistry().listServices({ timeout: 700 }),
  'looks a host up in vain': () => createDnssd().lookup(name, { timeout: 700 }).catch(quietly),
  'resolves an instance in vain': () => createDnssd().resolve(name, 'http', { timeout: 700 }).catch(quietly),
  'stops what it watched': () => {
    createRegistry().watch().stop()
    createDnssd().browse('http').stop()
    createDnssd().types().stop()
  },
  'leaves the loop over what it watched': async () => {
    const registry = createRegistry()
    await registry.register(greeter)
    for await (const _ of registry.watch({ service: name })) break
    await registry.deregister(greeter)
  },
  'withdraws what it advertised': async () => {
    const advertisement = createDnssd().advertise({ name, type: 'linger', port: 1 })
    await advertisement.ready
    await advertisement.withdraw()
  },
  'browses without a hold': () => {
    createDnssd().browse('http', { ref: false })
    createDnssd().types({ ref: false })
  },
  'watches with ref: false': () => createRegistry().watch({ service: name, ref: false }),
  'stops what it kept registered': async () => {
    const kept = keepRegistered(createRegistry(), greeter)
    await kept.ready
    await kept.stop()
  },
  'keeps registered with ref: false': () => keepRegistered(createRegistry({ ref: false }), greeter).ready,
  'lets go of the server it advertised': async () => {
    const server = await advertised()
    server.unref()
  },
  'closes the server it advertised': async () => {
    const server = await advertised()
    server.close()
  },
  'advertises a server that never listens': () => void advertise(createServer(), name),
  'selects what it registered': async () => {
    const registry = createRegistry()
    await registry.register(greeter)
    const selection = await createSelector(registry).select(name)
    tell({ event: 'selected', node: selection.next() })
    await registry.deregister(greeter)
  },
  'registers with ref: false': () => createRegistry({ ref: false }).register(greeter),
  'registers with ref: false and closes': async () => {
    const registry = createRegistry({ ref: false })
    await registry.register(greeter)
    await registry.close()
  },

  'keeps registered': () => keepRegistered(createRegistry(), greeter).ready,
  'waits to pass its check': () => void keepRegistered(createRegistry(), greeter, { check: () => false }),
  'advertises a server': () => advertised(),
  registers: () => createRegistry().register(greeter),
  'registers without a link': () => createRegistry(noLink).register(greeter),
  watches: () => createRegistry().watch({ service: name }),
  'watches without a link': () => createRegistry(noLink).watch(),
  browses: () => createDnssd().browse('http'),
  'browses types': () => createDnssd().types(),
  advertises: () => createDnssd().advertise({ name, type: 'linger', port: 1 }),
}

await WHATS[what]()
tell({ event: 'here' })

async function advertised() {
  const server = createServer().listen(0, '127.0.0.1')
  await advertise(server, { name, node: { id: `${name}-1` } }).ready
  return server
}

function tell(line) {
  console.log(JSON.stringify(line))
}
