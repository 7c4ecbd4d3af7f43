// Owns programs that come to know services: each returns how it hears a datagram and how many services it knows.
// Does not own the datagrams, nor what is measured meanwhile (heap.mjs).
import dgram from 'node:dgram'
import { DeafSocket } from '../deaf-socket.mjs'
import { FedHost } from '../fed-host.mjs'
import { decode } from '../internals.mjs'
import { TYPE } from '../synthetic-services.mjs'
import { bareCache } from './bare-cache.mjs'

const [SHORT_TYPE] = TYPE.replace('_', '').split('.')

/** A host with a browser on top: everything that a program has. */
function ours() {
  const fed = new FedHost()
  const browser = fed.dnssd.browse(TYPE)
  fed.wait(1000)
  return {
    hear: (bytes) => fed.hear(bytes),
    known: () => browser.services.length,
    settle: () => fed.wait(10_000),
    timers: () => fed.clock.armed,
  }
}

/** Of ours, what the cache alone takes: no questions, no browser. */
function cacheAlone() {
  const cache = bareCache()
  let now = 0
  return {
    hear(bytes) {
      now += 1
      for (const rr of decode(bytes).answers) cache.put(rr, now)
    },
    known: () => cache.size / 5,
  }
}

/** Of ours, what the records alone take. */
function recordsAlone() {
  const records = []
  return {
    hear: (bytes) => void records.push(...decode(bytes).answers),
    known: () => records.length / 5,
  }
}

async function bonjour() {
  const { Bonjour } = await import('bonjour-service')
  const socket = new DeafSocket()
  const browser = new Bonjour({ socket }).find({ type: SHORT_TYPE })
  return { hear: (bytes) => socket.hear(bytes), known: () => browser.services.length }
}

/** It keeps nothing itself: what is counted is what its user notes of each service. */
async function multicastDns() {
  const { default: multicastDnsOf } = await import('multicast-dns')
  const socket = new DeafSocket()
  const services = new Map()
  multicastDnsOf({ socket }).on('response', ({ answers }) => {
    const of = (type) => answers.find((answer) => answer.type === type)?.data
    const { port, target } = of('SRV')
    services.set(of('PTR'), { host: target, port, txt: of('TXT'), addresses: [of('A'), of('AAAA')] })
  })
  return { hear: (bytes) => socket.hear(bytes), known: () => services.size }
}

/** It makes its socket itself, so that it is given another one. */
async function dnssd() {
  const socket = new DeafSocket()
  dgram.createSocket = () => socket
  const { default: library } = await import('dnssd')
  const browser = new library.Browser(library.tcp(SHORT_TYPE))
  browser.on('error', () => {})
  browser.start()
  return { hear: (bytes) => socket.hear(bytes), known: () => browser.list().length }
}

export const HOLDERS = {
  ours,
  cacheAlone,
  recordsAlone,
  'bonjour-service': bonjour,
  'multicast-dns': multicastDns,
  dnssd,
}
