// Does with the package what its one argument, JSON, says (MemberOptions in member.ts), until SIGTERM. It tells what it
// comes to know, one JSON object per line.
import { createRegistry } from 'mdns-registry'
import { createDnssd } from 'mdns-registry/dnssd'

const { register = [], advertise = [], watch, browse, ttl, ...network } = JSON.parse(process.argv[2] ?? '{}')
const registry = register.length > 0 || watch !== undefined ? createRegistry(network) : undefined
const dnssd = advertise.length > 0 || browse !== undefined ? createDnssd(network) : undefined
const alive = setInterval(() => {}, 60_000)
let renewing

process.once('SIGTERM', async () => {
  clearInterval(renewing)
  await Promise.all([registry?.close(), dnssd?.close()])
  clearInterval(alive)
})
registry?.on('warning', ({ code, message }) => tell({ warning: code, message }))

tell({ event: 'started' })
await Promise.all([watching(), browsing(), registering(), advertising()].map(orClosed))

async function registering() {
  if (register.length === 0) return
  const registerAll = () => Promise.all(register.map((service) => registry.register(service, { ttl })))
  await registerAll()
  tell({ event: 'registered' })
  if (ttl !== undefined) renewing = setInterval(() => void orClosed(registerAll()), (ttl * 1000) / 3)
}

async function advertising() {
  if (advertise.length === 0) return
  const advertisements = advertise.map((options) => dnssd.advertise(options))
  for (const advertisement of advertisements) {
    advertisement.on('renamed', (change) => tell({ event: 'renamed', ...change }))
  }
  await Promise.all(advertisements.map(({ ready }) => ready))
  tell({ event: 'advertised' })
}

async function watching() {
  if (watch === undefined) return
  const watcher = registry.watch(watch === true ? {} : { service: watch })
  for await (const result of watcher) tell({ at: Date.now(), ...result })
}

async function browsing() {
  if (browse === undefined) return
  for await (const { event, service, reason } of dnssd.browse(browse)) {
    const { name, host, port, addresses } = service
    tell({ at: Date.now(), event, name, host, port, addresses, reason })
  }
}

/** To be told to end is no error. */
function orClosed(work) {
  return work.catch((error) => {
    if (error.code !== 'ERR_CLOSED') throw error
  })
}

function tell(line) {
  console.log(JSON.stringify(line))
}
