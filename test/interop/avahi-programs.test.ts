// Avahi's own programs and our command line, as people type them; and two hosts that want one host name.
import { afterAll, describe, expect, test } from 'vitest'
import { CliProcess, MAIN, until } from '../cli/cli-process.ts'
import { Avahi } from '../network/avahi.ts'
import { Site } from '../network/site.ts'
import type { SiteHost } from '../network/site-host.ts'
import { proven } from './matrix.ts'

const TYPE = '_http._tcp'
const PATIENCE = 10_000

const version = Avahi.version()
const missing = version === undefined
const PEER = `avahi ${version ?? ''}`.trim()
const site = new Site()
const started: CliProcess[] = []

afterAll(async () => {
  await Promise.all(started.map((one) => one.stop()))
  await Avahi.stopAll()
  await site.close()
})

/** Two hosts on a wire. */
function hosts(names: readonly [string, string]): readonly [theirs: SiteHost, ours: SiteHost] {
  const wire = site.segment()
  const [theirs, ours] = [site.host(names[0]), site.host(names[1])]
  theirs.plug(wire, { addresses: ['198.18.0.2/24'] })
  ours.plug(wire, { addresses: ['198.18.0.3/24'] })
  return [theirs, ours]
}

function cli(host: SiteHost, ...words: readonly string[]): CliProcess {
  const process = new CliProcess([MAIN, ...words, '--json'], host.before)
  started.push(process)
  return process
}

const listed = async (avahi: Avahi, type: string, expected: readonly string[]) => {
  await until(() => (`${avahi.browse(type)}` === `${expected}` ? true : undefined), PATIENCE)
  expect(avahi.browse(type)).toEqual(expected)
}

test('with CI=true, Avahi has to be there', () => {
  expect(missing && process.env.CI === 'true', 'apt-get install avahi-daemon avahi-utils dbus').toBe(false)
})

describe.skipIf(missing)(PEER, () => {
  test.concurrent('avahi-browse lists what our command line advertises and registers, until it is told to end', () =>
    proven(PEER, 'browse', async () => {
      const [theirs, ours] = hosts(['theirs', 'ours'])
      const avahi = await Avahi.start(theirs)
      const page = cli(ours, 'advertise', 'Große Seite v1.2', TYPE, '8080', 'path=/')
      const node = cli(ours, 'register', 'greeter', '--id', 'greeter-1', '--port', '8081')
      await Promise.all([page.line({ event: 'published' }), node.line({ event: 'registered' })])
      await listed(avahi, TYPE, ['Gro\\195\\159e\\032Seite\\032v1\\.2 ours.local 8080'])
      await listed(avahi, '_mdns-registry._tcp', ['greeter-1 ours.local 8081'])
      await Promise.all([page.stop(), node.stop()])
      await listed(avahi, TYPE, [])
    }))

  test.concurrent('our command line lists what avahi-publish publishes, and resolves it', () =>
    proven(PEER, 'publish', async () => {
      const [theirs, ours] = hosts(['theirs', 'ours'])
      const avahi = await Avahi.start(theirs)
      const browser = cli(ours, 'browse', TYPE, '-r')
      await avahi.publish('Große Seite v1.2', TYPE, 8082)
      const up = await browser.line({ event: 'up', name: 'Große Seite v1.2' }, PATIENCE)
      expect(up).toMatchObject({ type: TYPE, host: 'theirs.local', port: 8082, txt: {} })
      expect(up.addresses).toContain('198.18.0.2')
    }))

  test.concurrent('a host name that it has remains with it, and ours becomes another one', () =>
    proven(PEER, 'conflict', async () => {
      const [theirs, ours] = hosts(['same', 'same'])
      const avahi = await Avahi.start(theirs)
      const page = cli(ours, 'advertise', 'Ours', TYPE, '8083')
      await page.line({ event: 'published' }, PATIENCE)
      await listed(avahi, TYPE, ['Ours same-2.local 8083'])
      expect(avahi.told).not.toContain('conflict')
    }))

  test.concurrent('a host name that we have remains with us, and its becomes another one', () =>
    proven(PEER, 'conflict', async () => {
      const [theirs, ours] = hosts(['same', 'same'])
      const page = cli(ours, 'advertise', 'Ours', TYPE, '8084')
      await page.line({ event: 'published' }, PATIENCE)
      const avahi = await Avahi.start(theirs)
      await listed(avahi, TYPE, ['Ours same.local 8084'])
      expect(avahi.told).toContain('same-2.local')
    }))
})
