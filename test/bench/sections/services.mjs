// Owns what it takes to have many services in one process: until all are live, until another host has found all, and
// what crosses the wire meanwhile.
// Does not own the programs (../peers/) nor their links (../network/).
import { setTimeout as wait } from 'node:timers/promises'
import { median } from '../figure.mjs'
import { Capture, whyNoCapture } from '../network/capture.mjs'
import { whyNoLan } from '../network/lan.mjs'
import { Pair, serviceOf, TYPE } from '../network/pair.mjs'
import { contestants, REGISTRY } from '../peers/peers.mjs'

const COUNTS = [50, 250, 1000]
/** Milliseconds, where the project has set itself a bound. */
const LIVE_LIMITS = { 50: 1300, 1000: 3000 }
const FOUND_LIMITS = { 1000: 2000 }
const LARGEST_LIMIT = 1500
/** Milliseconds for all of them to be live, and again to be found. */
const PATIENCE = 60_000
/** Until the last announcement is over. */
const SETTLED = 2500

const IN_FULL =
  'ours are three probes and two announcements of each service, RFC 6762 §8, and the answers, on IPv4 and on IPv6; ' +
  'hashicorp/mdns sends the answers alone'
const TRAFFIC = [
  ['packets on the wire', '', 'frames', IN_FULL],
  ['bytes on the wire', 'kB', 'kilobytes', IN_FULL],
  ['packets from the question on', '', 'answerFrames'],
  ['bytes from the question on', 'kB', 'answerKilobytes'],
]

const DNSSD = { publish: 'publish', browse: 'browse' }
const REGISTERED = { publish: 'register', browse: 'watch' }

export const title = 'Many services in one process, and a browser on another host that starts when all are live'

export async function* figures({ runs, log }) {
  const why = whyNoLan() ?? whyNoCapture()
  if (why) return log(why)
  const { present, reasons } = contestants()
  for (const count of COUNTS) {
    const results = await interleaved(present, count, runs, log)
    for (const [name, { failed }] of results) {
      if (failed === undefined) continue
      present.delete(name)
      reasons.set(name, `with ${count} services: ${failed}`)
    }
    yield* figuresOf(count, results, reasons)
    yield* figuresOfRegistry(count, await alone(count, runs))
  }
}

/** Who fails once is not tried again. */
async function interleaved(present, count, runs, log) {
  const results = new Map([...present.keys()].map((name) => [name, { runs: [] }]))
  for (let run = 0; run < runs; run++) {
    for (const [name, peer] of present) {
      const result = results.get(name)
      if (result.failed !== undefined) continue
      log(`${count} services, ${run + 1} of ${runs}: ${name}`)
      const outcome = await measured(peer, count, DNSSD)
      result.runs.push(outcome)
      result.failed = outcome.failed
      if (name === 'ours' && outcome.failed) throw new Error(outcome.failed)
    }
  }
  return results
}

async function alone(count, runs) {
  const results = []
  for (let run = 0; run < runs; run++) results.push(await measured(REGISTRY, count, REGISTERED))
  return results
}

function* figuresOf(count, results, reasons) {
  const figure = (what, unit, property, limit) => ({
    title: `${count} services: ${what}`,
    unit,
    ...medians(property, results, reasons),
    ...(limit === undefined ? {} : { limit }),
  })
  yield figure('all are live', 'ms', 'live', LIVE_LIMITS[count])
  yield figure('all are found and resolved', 'ms', 'found', FOUND_LIMITS[count])
  for (const [what, unit, property, note] of TRAFFIC) {
    const measures = figure(what, unit, property)
    const best = Math.min(...Object.values(measures.peers).filter((theirs) => typeof theirs === 'number'))
    yield { ...measures, ...(Number.isFinite(best) ? { limit: best / 2 } : {}), ...(note ? { note } : {}) }
  }
  yield figure('the largest packet', 'bytes', 'largest', LARGEST_LIMIT)
}

function medians(property, results, reasons) {
  const peers = Object.fromEntries(reasons)
  for (const [name, { runs }] of results) {
    const values = runs.map((run) => run[property]).filter((value) => value !== undefined)
    if (values.length > 0) peers[name] = median(values)
  }
  const { ours, ...others } = peers
  return { ours, peers: others }
}

function* figuresOfRegistry(count, results) {
  const of = (property) => median(results.map((result) => result[property]))
  const figure = (what, property, limits) => ({
    title: `${count} services in a registry: ${what}`,
    unit: 'ms',
    ours: of(property),
    peers: {},
    ...(limits[count] === undefined ? {} : { limit: limits[count] }),
  })
  yield figure('all are registered', 'live', LIVE_LIMITS)
  yield figure('a watcher has all', 'found', FOUND_LIMITS)
}

/** Its figures as far as it gets, and why it fails if it does. */
async function measured(peer, count, verbs) {
  const pair = new Pair(peer)
  const outcome = {}
  try {
    const capture = await Capture.start(pair.lan, pair.lan.hosts[1])
    await pair.startPublisher()
    outcome.live = await publishAll(pair, count, verbs)
    await wait(SETTLED)
    await pair.startBrowser()
    const asked = Date.now()
    outcome.found = await findAll(pair, count, verbs)
    Object.assign(outcome, traffic(await capture.stop(), asked))
  } catch (error) {
    outcome.failed = error.message
  }
  await pair.close()
  return outcome
}

function traffic(frames, asked) {
  const kilobytes = (list) => list.reduce((sum, { bytes }) => sum + bytes, 0) / 1000
  const answers = frames.filter(({ at }) => at >= asked)
  return {
    frames: frames.length,
    kilobytes: kilobytes(frames),
    answerFrames: answers.length,
    answerKilobytes: kilobytes(answers),
    largest: Math.max(...frames.map(({ packet }) => packet)),
  }
}

async function publishAll({ publisher }, count, verbs) {
  const services = Array.from({ length: count }, (_, index) => serviceOf(`service-${index + 1}`, 8001 + index))
  const from = publisher.orders(verbs.publish, services)
  const published = await publisher.names('published', count, { within: PATIENCE, from })
  if (published.count === count) return published.last - from
  throw new Error(`after a minute ${published.count} of ${count} are live`)
}

async function findAll({ browser, publisher }, count, verbs) {
  const from = browser.order(verbs.browse, { type: TYPE })
  const found = await browser.names('up', count, { within: PATIENCE, from })
  if (found.count === count) return found.last - from
  const died = publisher.isOver ? ', and the publisher has ended' : ''
  throw new Error(`finds ${found.count} of ${count} in a minute${died}`)
}
