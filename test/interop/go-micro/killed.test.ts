// go-micro that was killed says nothing, and its records live for two minutes: ours finds out when it is told that a
// client could not reach the node, and by itself when the time has run out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encode } from '../../../src/wire/encode.ts'
import type { Rr } from '../../../src/wire/types.ts'
import { until } from '../../cli/cli-process.ts'
import type { Observer, Packet } from '../../network/observer.ts'
import type { SiteHost } from '../../network/site-host.ts'
import { MAJORS, type Major, missing } from './go-micro.ts'
import { MicroLan } from './micro-lan.ts'
import type { Program, Watched } from './program.ts'
import { given } from './services.ts'

const OURS = '198.18.0.1'
const ALIVE = '198.18.0.2'
const KILLED = '198.18.0.3'
const LAPSED = '198.18.0.4'
/** Three seconds without an answer, and as much again for a machine that is busy. */
const VERIFIED_WITHIN = 6_000
/** Seconds, in place of go-micro's 120. */
const SHORT_LIFE = 10
const SECOND = 1_000
const MDNS_PORT = 5353
const ANNOUNCEMENTS = 3
const ANNOUNCED_WITHIN = 8_000

const happened = (action: string, id: string) => (one: Watched) =>
  one.action === action && one.service.nodes?.[0]?.id === id

describe.skipIf(missing).concurrent.each(MAJORS)('two of go-micro %s, and one of them is killed', (major) => {
  const lan = new MicroLan()
  let ourHost: SiteHost
  let alive: Program
  let observer: Observer
  let stranger: Observer

  beforeAll(async () => {
    const aliveHost = lan.host('alive', `${ALIVE}/24`)
    ourHost = lan.host('ours', `${OURS}/24`)
    const strange = lan.host('stranger', '198.18.0.9/24')
    ;[alive, observer, stranger] = await Promise.all([
      lan.go(major, aliveHost),
      lan.observe(aliveHost),
      lan.observeFrom(strange),
    ])
  })

  afterAll(() => lan.close())

  test('ours drops it when it is verified, and not the one that answers', async () => {
    const { ours, killed } = await meeting(lan, ourHost, major, KILLED)
    await both('verified', ours, [killed, KILLED], alive)
    await killed.kill()
    await Promise.all([ours.verify('verified-killed'), ours.verify('verified-alive')])
    const { reason } = await ours.told(happened('delete', 'verified-killed'), VERIFIED_WITHIN)
    expect(reason).toBe('verify-failed')
    await expectOneLeft('verified', ours)
  })

  test('ours drops it when its time has run out, and not the one that answers', async () => {
    const { ours, killed, watching } = await meeting(lan, ourHost, major, LAPSED)
    await both('lapsed', ours, [killed, LAPSED], alive)
    // The last of three announcements is the last word of go-micro that is good for two minutes.
    const said = () => [...watching.heard, ...observer.heard].filter(isAnnouncement('lapsed'))
    expect(await until(() => said().length >= 2 * ANNOUNCEMENTS || undefined, ANNOUNCED_WITHIN)).toBe(true)
    await killed.kill()
    const shortened = Date.now()
    await stranger.send(...said().map((packet) => ({ ...packet, ...again(packet), interface: 'lan0', mac: '', at: 0 })))
    const { reason, at } = await ours.told(happened('delete', 'lapsed-killed'), 2 * SHORT_LIFE * SECOND)
    expect(reason).toBe('expired')
    expect((at - shortened) / SECOND).toBeGreaterThan(SHORT_LIFE - 0.5)
    expect((at - shortened) / SECOND).toBeLessThan(SHORT_LIFE + 2)
    await expectOneLeft('lapsed', ours)
  })
})

/** One that will be killed, on a host of its own, and one of ours. */
async function meeting(lan: MicroLan, ourHost: SiteHost, major: Major, address: string) {
  const host = lan.host('killed', `${address}/24`)
  const [ours, killed, watching] = await Promise.all([
    lan.ours(ourHost, { backend: 'go-micro' }),
    lan.go(major, host),
    lan.observe(host),
  ])
  return { ours, killed, watching }
}

async function both(
  name: string,
  ours: Program,
  [killed, address]: readonly [Program, string],
  alive: Program,
): Promise<void> {
  await ours.watch(name)
  await Promise.all([
    killed.register(given(name, '1', { id: `${name}-killed`, address: `${address}:8080` })),
    alive.register(given(name, '1', { id: `${name}-alive`, address: `${ALIVE}:8080` })),
  ])
  for (const id of ['killed', 'alive']) await ours.told(happened('create', `${name}-${id}`))
}

async function expectOneLeft(name: string, ours: Program): Promise<void> {
  const [service, ...more] = await ours.get(name)
  expect([service?.nodes?.map(({ id }) => id), more]).toEqual([[`${name}-alive`], []])
  expect(ours.watched.filter(happened('delete', `${name}-alive`))).toEqual([])
}

function isAnnouncement(name: string): (packet: Packet) => boolean {
  return ({ message, family, multicast }) =>
    family === 4 && multicast && message.response && message.answers.some((rr) => rr.name.endsWith(`.${name}.micro`))
}

function again({ message }: Packet): { readonly bytes: Uint8Array; readonly dport: number } {
  const answers = message.answers.map((rr): Rr => ({ ...rr, ttl: SHORT_LIFE }))
  return { bytes: encode({ ...message, answers }, { legacy: true }), dport: MDNS_PORT }
}
