// An interface that is deleted while hundreds of packets a second come and go on it: all else goes on as before.
import { readdirSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { until } from '../cli/cli-process.ts'
import { passed } from './observer.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const INSTANCES = 300
const CHANGE_EVERY = 3
const FLOOD_PER_SECOND = 400
const FLOOD_SECONDS = 20
/** Packets a second, each way. */
const BURST = 300
const TRIES = 20
const PATIENCE = 15_000
const CLOSED_WITHIN = 5_000
const TYPE = '_talk._tcp'

const site = new Site()
afterAll(() => site.close())

test('goal 49: a link that is deleted in a burst takes nothing else with it, and its sockets are closed', async () => {
  const [kept, lost] = [site.segment(), site.segment()]
  const [busy, peer, flooder] = [site.host('busy'), site.host('peer'), site.host('flooder')]
  busy.plug(kept, { interface: 'lan0', addresses: ['198.18.0.1/24'] })
  peer.plug(kept, { addresses: ['198.18.0.2/24'] })
  flooder.plug(lost, { addresses: ['198.18.1.2/24'] })
  const browser = peer.member({ browse: TYPE })
  const talkative = busy.start('talkative.mjs', `${INSTANCES}`, `${CHANGE_EVERY}`)
  await talkative.line({ event: 'advertised' }, PATIENCE)
  await browser.until(({ instances }) => instances.size === INSTANCES, PATIENCE)
  const descriptors = () => readdirSync(`/proc/${talkative.child.pid}/fd`).length
  const baseline = descriptors()

  busy.plug(lost, { interface: 'lan1', addresses: ['198.18.1.1/24'] })
  const opened = await until(() => descriptors() > baseline || undefined, PATIENCE)
  expect(opened).toBe(true)
  const flood = flooder.start('flood.mjs', '198.18.1.2', `${FLOOD_PER_SECOND}`, `${FLOOD_SECONDS}`)
  let rate = 0
  for (let tries = 0; rate < BURST && tries < TRIES; tries++) rate = await slowest(busy, 'lan1')
  expect(rate).toBeGreaterThanOrEqual(BURST)
  busy.ip('link del lan1')
  expect(await until(() => descriptors() === baseline || undefined, CLOSED_WITHIN)).toBe(true)
  await flood.stop()

  const news = busy.member({ advertise: [{ name: 'News', type: TYPE, port: 1 }] })
  await browser.until(({ instances }) => instances.has('News'), PATIENCE)
  await news.stop()
  const changed = browser.seen.length
  await browser.until(({ seen }) => seen.length > changed + BURST, PATIENCE)
  expect(browser.seen.filter(({ event, name }) => event === 'down' && name !== 'News')).toEqual([])
  expect(await site.endAll()).toEqual([])
})

/** The slower direction of an interface, in packets a second. */
async function slowest(host: SiteHost, on: string): Promise<number> {
  const count = () =>
    ['rx', 'tx'].map((way) => Number(host.exec('cat', `/sys/class/net/${on}/statistics/${way}_packets`)))
  const before = count()
  const since = performance.now()
  await passed(Date.now() + 500)
  const seconds = (performance.now() - since) / 1000
  return Math.min(...count().map((now, way) => (now - (before[way] ?? 0)) / seconds))
}
