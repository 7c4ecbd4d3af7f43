// Owns what a datagram costs whose names nobody here asked for or owns: beside an empty handler, and beside peers.
// Does not own the datagrams (chatter.mjs).
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chatter, chatterMean } from '../chatter.mjs'
import { DeafSocket } from '../deaf-socket.mjs'
import { FedHost } from '../fed-host.mjs'
import { callTime, compare, median, NOT_INSTALLED, peerModule } from '../figure.mjs'
import { cpuTime, udpCounts } from '../intake/usage.mjs'
import { Lan, whyNoLan } from '../network/lan.mjs'
import { syntheticService, TYPE } from '../synthetic-services.mjs'

export const title = `Intake: a datagram about other services (${chatter.length} of them, ${chatterMean} B on average)`

/** Microseconds over an empty handler. */
const LIMIT = 1.5
const FLOOD = { total: 20_000, perSecond: 5_000 }
const OWN = 50
const KNOWN = 200

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** What a host is interested in while it hears the chatter. */
const INTERESTS = {
  none: { browses: false, own: 0, known: 0 },
  'one browser': { browses: true, own: 0, known: 0 },
  [`${OWN} services, a browser, ${KNOWN} known`]: { browses: true, own: OWN, known: KNOWN },
}

function ourHearing({ browses, own, known }) {
  const fed = new FedHost()
  const browser = browses ? fed.dnssd.browse(TYPE) : undefined
  for (let number = 0; number < own; number++) {
    fed.dnssd.advertise({ name: `Own ${number}`, type: TYPE, port: 1024 + number })
  }
  fed.wait(10_000)
  for (let number = 0; number < known; number++) fed.hear(syntheticService(number))
  fed.wait(10_000)
  if ((browser?.services.length ?? 0) < known) throw new Error('the host does not know what it was told')
  fed.clock.pass()
  return (bytes) => fed.hear(bytes)
}

async function multicastDnsHearing({ browses, own }) {
  const module = await peerModule('multicast-dns')
  if (module === undefined) return undefined
  if (own > 0) return 'leaves services to its user'
  const socket = new DeafSocket()
  const mdns = module.default({ socket })
  mdns.on('response', () => {})
  if (browses) mdns.query(`${TYPE}.local`, 'PTR')
  return (bytes) => socket.hear(bytes)
}

async function bonjourHearing({ browses, own, known }) {
  const module = await peerModule('bonjour-service')
  if (module === undefined) return undefined
  const socket = new DeafSocket()
  const bonjour = new module.Bonjour({ socket })
  const browser = browses ? bonjour.find({ type: 'bench' }) : undefined
  for (let number = 0; number < own; number++) {
    bonjour.publish({ name: `Own ${number}`, type: 'bench', port: 1024 + number, probe: false })
  }
  await delay(100)
  for (let number = 0; number < known; number++) socket.hear(syntheticService(number))
  if ((browser?.services.length ?? 0) < known) return 'does not know what it was told'
  return (bytes) => socket.hear(bytes)
}

/** Microseconds of a datagram that is given to what hears it. */
function hearingTime(hear, milliseconds) {
  let next = 0
  return callTime(() => {
    hear(chatter[next])
    next = next + 1 === chatter.length ? 0 : next + 1
  }, milliseconds)
}

function contestant(hear, milliseconds) {
  if (typeof hear !== 'function') return hear ?? NOT_INSTALLED
  return () => hearingTime(hear, milliseconds) - hearingTime(() => {}, milliseconds / 4)
}

/** From the transport on: what the socket costs is not in it, nor in what it is compared with. */
async function* withoutSockets({ runs, quick, log }) {
  const milliseconds = quick ? 60 : 200
  for (const [name, interest] of Object.entries(INTERESTS)) {
    log(`no sockets, ${name}`)
    const hearing = {
      ours: ourHearing(interest),
      'bonjour-service': await bonjourHearing(interest),
      'multicast-dns': await multicastDnsHearing(interest),
    }
    for (const hear of Object.values(hearing)) if (typeof hear === 'function') hearingTime(hear, 200)
    const contestants = Object.fromEntries(
      Object.entries(hearing).map(([peer, hear]) => [peer, contestant(hear, milliseconds)]),
    )
    const figure = { title: `without sockets, interest: ${name}`, unit: 'µs', limit: LIMIT }
    yield { ...figure, ...(await compare(contestants, runs)) }
  }
}

const EMPTY = 'empty handler'
const PROGRAMS = {
  [EMPTY]: 'intake/empty-handler.mjs',
  ours: 'intake/browser.mjs',
  'bonjour-service': 'peers/bonjour-service.mjs',
  'multicast-dns': 'peers/multicast-dns.mjs',
  ciao: 'peers/ciao.mjs',
  dnssd: 'peers/dnssd.mjs',
}

/** What each is told to care for: not that of which it hears. */
const orderTo = (name) =>
  name === 'ciao' ? { order: 'publish', name: 'Own 1', type: 'bench', port: 1024 } : { order: 'browse', type: 'bench' }

/**
 * One flood at a program of its own: microseconds on the processor for each datagram, and how many it lost. Another
 * one comes before, as the program is to be what it is after a while: compiled.
 */
async function flooded(name, { total, perSecond }) {
  const lan = new Lan()
  try {
    const [one, two] = lan.hosts
    const words = [process.execPath, at(`../${PROGRAMS[name]}`), one.address]
    const child = lan.start(one, words, ['pipe', 'ignore', 'ignore'])
    child.stdin.write(`${JSON.stringify(orderTo(name))}\n`)
    await delay(2500)
    await flood(lan, two, total, 2 * perSecond)
    const before = { cpu: cpuTime(child.pid), udp: udpCounts(child.pid) }
    await flood(lan, two, total, perSecond)
    await delay(200)
    const after = { cpu: cpuTime(child.pid), udp: udpCounts(child.pid) }
    const lost = after.udp.lost - before.udp.lost
    if (after.udp.received - before.udp.received + lost < total) throw new Error('the datagrams did not arrive')
    return { cpu: (after.cpu - before.cpu) / total, lost }
  } finally {
    await lan.close()
  }
}

function flood(lan, host, total, perSecond) {
  const words = [process.execPath, at('../intake/flood.mjs'), host.address, String(total), String(perSecond)]
  const sender = lan.start(host, words, ['ignore', 'ignore', 'inherit'])
  return new Promise((resolve) => sender.once('close', resolve))
}

/** By program: what each run measured, or why there is nothing. */
async function floods({ runs, log }, size) {
  const results = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]))
  for (let run = 0; run < runs; run++) {
    for (const name of Object.keys(PROGRAMS)) {
      if (typeof results[name] === 'string') continue
      log(`sockets, run ${run + 1} of ${runs}, ${name}`)
      try {
        results[name].push(await flooded(name, size))
      } catch (error) {
        if (name === 'ours' || name === EMPTY) throw error
        results[name] = existsSync(at(`../${PROGRAMS[name]}`)) ? `fails: ${error.message}` : NOT_INSTALLED
      }
    }
  }
  return results
}

async function* withSockets(options) {
  const reason = whyNoLan()
  if (reason) return options.log(`no network: ${reason}`)
  const size = options.quick ? { ...FLOOD, total: FLOOD.total / 4 } : FLOOD
  const results = await floods(options, size)
  const of = (name, figure) => (typeof results[name] === 'string' ? results[name] : figure(results[name]))
  const figureOf = (figure) => {
    const peers = Object.keys(PROGRAMS).filter((name) => name !== 'ours' && name !== EMPTY)
    return { ours: of('ours', figure), peers: Object.fromEntries(peers.map((name) => [name, of(name, figure)])) }
  }
  const empty = median(results[EMPTY].map(({ cpu }) => cpu))
  yield {
    title: 'with sockets, interest: one browser, over an empty handler',
    unit: 'µs',
    ...figureOf((each) => median(each.map(({ cpu }) => cpu)) - empty),
    limit: LIMIT,
    note: `time on the processor; the empty handler takes ${empty.toFixed(1)} µs; ciao publishes, having no browser`,
  }
  yield {
    title: `lost of ${size.total} at ${size.perSecond} a second`,
    unit: '',
    ...figureOf((each) => Math.max(...each.map(({ lost }) => lost))),
    limit: 0,
    note: 'the most of any run',
  }
}

export async function* figures(options) {
  yield* withoutSockets(options)
  yield* withSockets(options)
}
