// Owns how long news takes on one link, each library with itself; ours also without the waits that the RFC imposes.
// Does not own the programs (../peers/) nor their links (../network/).
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { median } from '../figure.mjs'
import { Contest } from '../network/contest.mjs'
import { whyNoLan } from '../network/lan.mjs'
import { Pair, serviceOf, TYPE } from '../network/pair.mjs'
import { REGISTRY } from '../peers/peers.mjs'

const TRIES = 20
const QUICK_TRIES = 5
const VERIFY_TRIES = 5
const WARM_CALLS = 10_000
/** Until the last announcement is over and a record may be multicast again, RFC 6762 §6, §8.3. */
const SETTLED = 2500
/** The longest that a killed program is waited for: the TTL that most give their records, and some. */
const OUTLIVED = 130_000

export const title = 'Latency on one link, each library with itself'

export async function* figures({ quick, log }) {
  const why = whyNoLan()
  if (why) return log(why)
  const tries = quick ? QUICK_TRIES : TRIES
  yield* coldBrowse(tries)
  yield* news(tries)
  yield* getService(tries)
  yield* registration(tries)
  yield* crash(quick ? 2 : VERIFY_TRIES, quick)
}

// RFC 6762 §5.2, §6, §8.1, §10.1: what is waited for, in milliseconds, when all that is drawn is `chance` of [0, 1).
const beforeQuestion = (chance) => 20 + 100 * chance
const beforeSharedAnswer = (chance) => 20 + 100 * chance
const beforeAnnouncement = (chance) => 250 * chance + 3 * 250
const AFTER_GOODBYE = 1000
/** Any of those who may answer may do so within this time after the question; only then is the answer complete. */
const FOR_ANSWERS = 120

/** What our program draws from here on. */
async function draw(program) {
  const value = Math.random()
  const at = program.order('chance', { value })
  await program.event(({ event }) => event === 'fixed', { from: at })
  return value
}

async function* coldBrowse(tries) {
  const contest = await Contest.open(async (pair) => {
    await pair.startPublisher()
    await pair.publish('cold')
    await wait(SETTLED)
  })
  await contest.tries(tries, async (pair, _, name) => {
    await pair.startBrowser()
    const { browser, publisher } = pair
    const drawn = name === 'ours' ? [await draw(browser), await draw(publisher)] : [0, 0]
    const took = await pair.took(browser, 'browse', { type: TYPE }, browser, 'up')
    await browser.stop()
    return { took, excess: took - beforeQuestion(drawn[0]) - beforeSharedAnswer(drawn[1]) }
  })
  await contest.close()
  const { ours } = contest.medians('excess')
  yield { title: 'browse, nothing known, to resolved', unit: 'ms', ...contest.medians('took') }
  yield { title: '… over the waits of the RFC', unit: 'ms', ours, peers: {}, limit: 10 }
}

/** At a browser that runs. */
async function* news(tries) {
  const contest = await Contest.open(async (pair) => {
    await pair.startPublisher()
    await pair.startBrowser()
    pair.browser.order('browse', { type: TYPE })
    await pair.publish('first')
    await wait(SETTLED)
  })
  const attempt = async (pair, number, name) => {
    const { browser, publisher } = pair
    const service = serviceOf(`try-${number}`)
    const chance = name === 'ours' ? await draw(publisher) : 0
    const up = await pair.took(publisher, 'publish', service, browser, 'up')
    await wait(SETTLED)
    const down = await pair.took(publisher, 'unpublish', { name: service.name }, browser, 'down')
    return { up, excess: up - beforeAnnouncement(chance), down }
  }
  await contest.tries(tries, attempt, { together: true })
  await contest.close()
  const { ours } = contest.medians('excess')
  yield { title: 'publish to up at a running browser', unit: 'ms', ...contest.medians('up') }
  yield { title: '… over the waits of the RFC', unit: 'ms', ours, peers: {}, limit: 20 }
  const limit = AFTER_GOODBYE + 20
  yield { title: 'unpublish to down', unit: 'ms', ...contest.medians('down'), limit }
}

async function* getService(tries) {
  const pair = new Pair(REGISTRY)
  await pair.startPublisher()
  const { publisher } = pair
  await pair.took(publisher, 'register', { name: 'asked', port: 8080 }, publisher, 'published')
  await wait(SETTLED)
  const results = []
  const warm = []
  for (let number = 0; number < tries; number++) {
    await pair.startBrowser()
    const { browser } = pair
    const asking = await draw(browser)
    const took = await pair.took(browser, 'get', { name: 'asked' }, browser, 'got')
    results.push({ took, excess: took - beforeQuestion(asking) - FOR_ANSWERS })
    if (number < QUICK_TRIES) warm.push(await warmCall(browser))
    await browser.stop()
    await wait(SETTLED / 2)
  }
  await pair.close()
  yield oursAlone('getService, nothing known', median(results.map(({ took }) => took)))
  yield oursAlone('… over the waits of the RFC', median(results.map(({ excess }) => excess)), 10)
  yield oursAlone('getService, known', median(warm), 0.05)
}

async function warmCall(browser) {
  const at = browser.order('warm', { name: 'asked', calls: WARM_CALLS })
  return (await browser.event(({ event }) => event === 'warm', { from: at })).took
}

async function* registration(tries) {
  const pair = new Pair(REGISTRY)
  await Promise.all([pair.startPublisher(), pair.startBrowser()])
  const { publisher, browser } = pair
  browser.order('watch')
  await pair.took(publisher, 'register', { name: 'first', port: 8080 }, browser, 'up')
  await wait(SETTLED)
  const results = []
  for (let number = 0; number < tries; number++) {
    const chance = await draw(publisher)
    const create = await pair.took(publisher, 'register', { name: `try-${number}`, port: 8080 }, browser, 'up')
    await wait(SETTLED)
    const gone = await pair.took(publisher, 'deregister', { name: `try-${number}` }, browser, 'down')
    results.push({ create, excess: create - beforeAnnouncement(chance), gone })
  }
  const of = (property) => median(results.map((result) => result[property]))
  yield oursAlone('register to `create` at a watcher', of('create'))
  yield oursAlone('… over the waits of the RFC', of('excess'), 20)
  yield await unprobed(pair, tries, oursAlone('… with `probe: false`', Number.NaN, 40))
  yield oursAlone('deregister to `delete`', of('gone'), AFTER_GOODBYE + 20)
  await pair.close()
}

/** Names that carry chance enough need not be probed for, where the program says so. */
async function unprobed(pair, tries, figure) {
  const { publisher, browser } = pair
  const results = []
  try {
    for (let number = 0; number < tries; number++) {
      const id = randomBytes(16).toString('hex')
      const details = { name: `unprobed-${number}`, id, port: 8080, options: { probe: false } }
      results.push(await pair.took(publisher, 'register', details, browser, 'up', 3000))
    }
    return { ...figure, ours: median(results) }
  } catch (error) {
    return { ...figure, note: error.message }
  }
}

async function* crash(tries, quick) {
  const peers = quick ? {} : await outlived()
  const pair = new Pair(REGISTRY)
  await pair.startBrowser()
  const { browser } = pair
  browser.order('watch')
  const results = []
  for (let number = 0; number < tries; number++) {
    const name = `doomed-${number}`
    await pair.startPublisher()
    await pair.took(pair.publisher, 'register', { name, port: 8080 }, browser, 'up')
    await wait(SETTLED)
    await pair.publisher.kill()
    results.push(await pair.took(browser, 'verify', { name }, browser, 'down'))
  }
  await pair.close()
  const { ours, ...others } = peers
  const alone =
    typeof ours === 'number'
      ? `without a word of it, ours takes ${Math.round(ours).toLocaleString('en')} ms`
      : undefined
  const titled = oursAlone('killed, and noticed: ours by `verify`, others when its time is out', median(results), 5000)
  yield { ...titled, peers: others, ...(alone ? { note: alone } : {}) }
}

/** All at the same time, as nothing is done but waiting. */
async function outlived() {
  const contest = await Contest.open(async (pair) => {
    await pair.startPublisher()
    await pair.startBrowser()
    pair.browser.order('browse', { type: TYPE })
    await pair.took(pair.publisher, 'publish', serviceOf('doomed'), pair.browser, 'up')
  })
  await wait(SETTLED)
  const waits = [...contest.pairs].map(async ([name, pair]) => {
    if (pair.peer.forgetsNot) return [name, pair.peer.forgetsNot]
    const from = performance.now()
    await pair.publisher.kill()
    const down = await pair.browser.event(({ event }) => event === 'down', { within: OUTLIVED })
    return [name, down === undefined ? `still up after ${OUTLIVED / 1000} s` : performance.now() - from]
  })
  const { peers } = contest.medians('none')
  const results = await Promise.all(waits)
  await contest.close()
  return { ...peers, ...Object.fromEntries(results) }
}

function oursAlone(title, ours, limit) {
  return { title, unit: 'ms', ours, peers: {}, ...(limit === undefined ? {} : { limit }) }
}
