// multicast-dns, under the orders of the bench. It sends and receives packets: what makes services of them is here, as
// short as programs have it that use it so. It neither probes nor waits, and forgets nothing while the bench runs.
import { hostname, networkInterfaces } from 'node:os'
import multicastDns from 'multicast-dns'
import { obey, say } from '../../peers/orders.mjs'

const mdns = multicastDns()
const HOST = `${hostname()}.local`
const TTL = 120

const published = new Map()
const browsed = new Set()
const heard = { PTR: new Map(), SRV: new Map(), A: new Map() }
const up = new Set()

mdns.on('query', ({ questions }) => {
  for (const { name } of questions) {
    for (const records of published.values()) {
      if (records.some((record) => record.name === name && record.name !== HOST)) mdns.respond(records)
    }
  }
})

mdns.on('response', ({ answers, additionals }) => {
  for (const record of [...answers, ...additionals]) take(record)
})

obey({
  publish({ name, type, port }) {
    const records = recordsOf(name, `_${type}._tcp.local`, port)
    published.set(name, records)
    mdns.respond(records, () => say('published', { name }))
  },

  unpublish: ({ name }) => leave(name),

  browse({ type }) {
    browsed.add(`_${type}._tcp.local`)
    mdns.query(`_${type}._tcp.local`, 'PTR')
  },

  async stop() {
    await Promise.all([...published.keys()].map(leave))
    await new Promise((resolve) => mdns.destroy(resolve))
  },
})

function recordsOf(instance, type, port) {
  const name = `${instance}.${type}`
  const unique = { class: 'IN', ttl: TTL, flush: true }
  const own = Object.values(networkInterfaces()).flat()
  return [
    { name: type, type: 'PTR', ttl: TTL, data: name },
    { name, type: 'SRV', ...unique, data: { port, target: HOST } },
    { name, type: 'TXT', ...unique, data: [] },
    ...own
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => ({ name: HOST, type: 'A', ...unique, data: address })),
  ]
}

function leave(name) {
  const goodbyes = published.get(name).slice(0, 3)
  published.delete(name)
  return new Promise((resolve) => {
    mdns.respond(
      goodbyes.map((record) => ({ ...record, ttl: 0 })),
      resolve,
    )
  })
}

function take({ name, type, ttl, data }) {
  if (type === 'PTR' && ttl === 0) {
    heard.PTR.delete(data)
    if (up.delete(data)) say('down', { name: labelOf(data) })
  } else if (type === 'PTR') {
    heard.PTR.set(data, name)
    look(data)
  } else if (type === 'SRV' && ttl > 0) {
    heard.SRV.set(name, data)
    look(name)
  } else if (type === 'A' && ttl > 0 && heard.A.get(name) !== data) {
    heard.A.set(name, data)
    for (const instance of heard.PTR.keys()) look(instance)
  }
}

function look(instance) {
  const srv = heard.SRV.get(instance)
  const address = heard.A.get(srv?.target)
  if (up.has(instance) || address === undefined || !browsed.has(heard.PTR.get(instance))) return
  up.add(instance)
  say('up', { name: labelOf(instance), host: srv.target, port: srv.port, addresses: [address] })
}

function labelOf(instance) {
  return instance.slice(0, instance.indexOf('._'))
}
