// Interfaces on which there is no neighbourhood, a tunnel and a point-to-point link: left alone unless they are named.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../cli/cli-process.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const TUNNEL = fileURLToPath(new URL('tunnel.py', import.meta.url))
const GROUP = '224.0.0.251'
const PATIENCE = 10_000
/** Names that do not give away what they are. */
const NAMES = { tunnel: 'office', line: 'line' } as const

const site = new Site()
const destinations: string[] = []
let host: SiteHost
let tunnel: ChildProcess

beforeAll(async () => {
  host = site.host('roadwarrior')
  host.plug(site.segment(), { addresses: ['198.18.0.1/24'] })
  host.plug(site.segment(), { interface: NAMES.line, addresses: ['198.18.1.1 peer 198.18.1.2/32'] })
  host.sysctl(`ipv6/conf/${NAMES.line}/disable_ipv6`, '1')
  const [command = '', ...words] = [...host.before, 'python3', TUNNEL, NAMES.tunnel, '198.18.2.1/24']
  tunnel = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (tunnel.stdout) createInterface({ input: tunnel.stdout }).on('line', (line) => destinations.push(line))
  if (!(await until(() => destinations.includes('up') || undefined, PATIENCE))) throw new Error('there is no tunnel')
})
afterAll(async () => {
  const closed = once(tunnel, 'close')
  tunnel.kill()
  await closed
  await site.close()
})

// The last is the default; that the others are up is known by then.
test.each([
  { named: [NAMES.tunnel], links: ['office/4', 'office/6'] },
  { named: ['lan0', NAMES.line], links: ['lan0/4', 'lan0/6', 'line/4'] },
  { named: [], links: ['lan0/4', 'lan0/6'] },
])('where $named is named, the links are $links', async ({ named, links }) => {
  const before = destinations.length
  const listener = host.start('listener.mjs', host.role, ...named)
  // A link may be a second in coming up.
  const ids = () => listener.lines.findLast(({ event }) => event === 'links')?.ids
  await until(() => String(ids()) === String(links) || undefined, PATIENCE)
  expect(ids()).toEqual(links)
  listener.child.kill('SIGUSR2')
  const heard = () => listener.lines.filter(({ event }) => event === 'heard').map(({ link }) => String(link))
  const own = links.filter((link) => !link.startsWith(NAMES.tunnel))
  await until(() => own.every((link) => heard().includes(link)) || undefined, PATIENCE)
  const ordinary = heard().filter((link) => own.includes(link))
  expect(ordinary.sort()).toEqual(own)

  const tunnelled = () => destinations.slice(before).includes(GROUP)
  if (links.includes('office/4')) await until(() => tunnelled() || undefined, PATIENCE)
  expect(tunnelled()).toBe(links.includes('office/4'))
  expect(await site.endAll()).toEqual([])
})
