// multicast-dns, under the orders of a test. It sends and receives packets: what makes services of them is here, as
// short as programs have it that use it so.
import { hostname, networkInterfaces } from 'node:os'
import multicastDns from 'multicast-dns'
import { obey, pairsIn, say, toldOf, valuesOf } from './orders.mjs'

const mdns = multicastDns()
const HOST = `${hostname()}.local`
const TTL = 120
const MILLISECONDS = 1000

const published = new Map()
const browsed = new Map()
const heard = new Map()
const known = new Map()

mdns.on('query', ({ questions }) => {
  const asked = ({ name, type }) =>
    questions.some((question) => question.name === name && [type, 'ANY'].includes(question.type))
  for (const records of published.values()) {
    const answers = records.filter(asked)
    if (answers.length > 0) mdns.respond({ answers, additionals: records.filter((each) => !answers.includes(each)) })
  }
})

mdns.on('response', ({ answers, additionals }) => {
  for (const record of [...answers, ...additionals]) take(record)
  for (const type of browsed.keys()) look(type)
})

obey({
  publish({ name, type, port, txt, subtypes = [] }) {
    const records = recordsOf(name, type, port, txt)
    const [pointer] = records
    const others = subtypes.map((subtype) => ({ ...pointer, name: `${subtype}._sub.${pointer.name}` }))
    published.set(name, [...records, ...others])
    mdns.respond(published.get(name), () => say('published', { name, ordered: name }))
  },

  update({ name, txt }) {
    const records = published.get(name)
    const record = records.find(({ type }) => type === 'TXT')
    record.data = stringsOf(txt)
    mdns.respond([record])
  },

  unpublish: ({ name }) => leave(name),

  browse({ type, subtype }) {
    const name = `${subtype === undefined ? '' : `${subtype}._sub.`}_${type}._tcp.local`
    browsed.set(name, type)
    mdns.query(name, 'PTR')
  },

  async stop() {
    await Promise.all([...published.keys()].map(leave))
    await new Promise((resolve) => mdns.destroy(resolve))
  },
})

function recordsOf(instance, service, port, txt) {
  const type = `_${service}._tcp.local`
  const name = `${instance}.${type}`
  const unique = { class: 'IN', ttl: TTL, flush: true }
  const addresses = Object.values(networkInterfaces()).flat()
  return [
    { name: type, type: 'PTR', ttl: TTL, data: name },
    { name, type: 'SRV', ...unique, data: { port, target: HOST } },
    { name, type: 'TXT', ...unique, data: stringsOf(txt) },
    ...addresses
      .filter(({ internal }) => !internal)
      .map(({ address, family }) => ({ name: HOST, type: family === 'IPv4' ? 'A' : 'AAAA', ...unique, data: address })),
  ]
}

function stringsOf(txt) {
  const pairs = Object.entries(valuesOf(txt))
  return pairs.map(([key, value]) =>
    value === true ? key : Buffer.concat([Buffer.from(`${key}=`), Buffer.from(value)]),
  )
}

function leave(name) {
  const records = published.get(name)
  published.delete(name)
  return new Promise((resolve) => {
    mdns.respond(
      records.slice(0, 3).map((record) => ({ ...record, ttl: 0 })),
      resolve,
    )
  })
}

/** What is heard is kept as long as it lives; one that ends the others of its name comes alone. */
function take({ name, type, ttl, flush, data }) {
  const key = `${name} ${type}`
  const now = Date.now()
  const others = (heard.get(key) ?? []).filter((other) => JSON.stringify(other.data) !== JSON.stringify(data))
  const kept = flush ? others.filter(({ at }) => now - at < MILLISECONDS) : others
  heard.set(key, ttl === 0 ? kept : [...kept, { data, at: now }])
}

function look(pointer) {
  const names = dataOf(pointer, 'PTR')
  for (const name of names) {
    const service = serviceOf(name, browsed.get(pointer))
    const before = known.get(name)
    if (service === undefined || JSON.stringify(service) === JSON.stringify(before)) continue
    known.set(name, service)
    say(before === undefined ? 'up' : 'update', service)
  }
  for (const [name, service] of known) {
    if (service.type !== browsed.get(pointer) || names.includes(name)) continue
    known.delete(name)
    say('down', service)
  }
}

function serviceOf(fullName, type) {
  const [srv] = dataOf(fullName, 'SRV').slice(-1)
  const [txt] = dataOf(fullName, 'TXT').slice(-1)
  const addresses = srv === undefined ? [] : [...dataOf(srv.target, 'A'), ...dataOf(srv.target, 'AAAA')]
  if (srv === undefined) mdns.query(fullName, 'SRV')
  if (txt === undefined) mdns.query(fullName, 'TXT')
  if (srv === undefined || txt === undefined || addresses.length === 0) return undefined
  const name = fullName.slice(0, -`._${type}._tcp.local`.length)
  return { name, type, host: srv.target, port: srv.port, txt: toldOf(pairsIn(txt)), addresses }
}

function dataOf(name, type) {
  return (heard.get(`${name} ${type}`) ?? []).map(({ data }) => data)
}
